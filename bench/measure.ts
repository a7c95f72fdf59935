/** Times several pieces of work against each other, turn by turn, so that what slows the machine slows all of them. */

export interface Timing {
  /** Milliseconds, of all but the first call. */
  readonly median: number;
  /** Milliseconds of the best: for work so short that what slows it is something else. */
  readonly best: number;
  /** Milliseconds of the first call, which finds no code compiled and nothing cached. */
  readonly first: number;
  readonly rounds: number;
}

export interface Limits {
  readonly rounds: number;
  /** No round begins after so many milliseconds; at least two are made. */
  readonly budgetMs: number;
}

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export async function sideBySide<K extends string>(work: Readonly<Record<K, () => unknown>>, { rounds, budgetMs }: Limits): Promise<Record<K, Timing>> {
  const names = Object.keys(work) as K[];
  const taken = new Map<K, number[]>(names.map((name) => [name, []]));
  const begun = performance.now();
  for (let round = 0; round <= rounds; round++) {
    if (round > 2 && performance.now() - begun > budgetMs) break;
    for (const name of names) taken.get(name)!.push(await time(work[name]));
  }
  const timing = (name: K): Timing => {
    const [first, ...rest] = taken.get(name)!;
    return { median: median(rest), best: Math.min(...rest), first: first!, rounds: rest.length };
  };
  return Object.fromEntries(names.map((name) => [name, timing(name)])) as Record<K, Timing>;
}
