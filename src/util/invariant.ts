/** Fails loudly on a bug of ours; never used for what a host or a user says. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`netwhy bug: ${message}`);
}

export function never(value: never): never {
  throw new Error(`netwhy bug: unexpected ${JSON.stringify(value)}`);
}
