/** Works on all of them, `workers` at a time. */
export async function inParallel<T>(all: readonly T[], workers: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
