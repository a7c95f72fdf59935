/** Which members of a sequence really moved: all but a longest common subsequence. */

/** Indexes of a longest strictly increasing subsequence, in O(n log n). */
function longestIncreasing(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [i, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (tails[low - 1] ?? -1) : -1);
    tails[low] = i;
  }
  const kept = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i] ?? -1) kept.add(i);
  return kept;
}

/** Members common to both, each unique in its sequence; the answer is the same with the sides exchanged. */
export function moved(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const inAfter = new Set(after);
  const inBefore = new Set(before);
  const sides = [before.filter((key) => inAfter.has(key)), after.filter((key) => inBefore.has(key))];
  const differs = sides[0]?.findIndex((key, i) => key !== sides[1]?.[i]) ?? -1;
  if (differs < 0) return new Set();
  // of several longest subsequences one is chosen by content and not by which side is called `before`
  const [first = [], second = []] = (sides[0]?.[differs] ?? '') < (sides[1]?.[differs] ?? '') ? sides : [...sides].reverse();
  const place = new Map(second.map((key, i) => [key, i]));
  const kept = longestIncreasing(first.map((key) => place.get(key) ?? 0));
  return new Set(first.filter((_, i) => !kept.has(i)));
}

/** More pairs than this are not looked at: all that moved is told. */
const MOST_PAIRS = 2_000_000;

/** Of what moved, the members that passed another which they may not pass freely. */
export function withEffect(
  turned: ReadonlySet<string>,
  before: readonly string[],
  after: readonly string[],
  free: (a: string, b: string) => boolean,
): ReadonlySet<string> {
  if (turned.size === 0 || turned.size * before.length > MOST_PAIRS) return turned;
  const old = new Map(before.map((key, i) => [key, i]));
  const young = new Map(after.map((key, i) => [key, i]));
  const common = before.filter((key) => young.has(key));
  const place = (side: ReadonlyMap<string, number>, key: string) => side.get(key) ?? 0;
  return new Set(
    [...turned].filter((key) =>
      common.some((other) => {
        const passed = Math.sign(place(old, key) - place(old, other)) !== Math.sign(place(young, key) - place(young, other));
        return passed && !free(key, other);
      }),
    ),
  );
}
