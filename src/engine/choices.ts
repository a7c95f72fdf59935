/**
 * Three-valued logic by exploring: whatever is not known is asked of `choose`, and the same walk is made again
 * with every other answer. If all walks end alike, the answer is certain all the same.
 */
import type { Unknown } from '../firewall/context.ts';

export interface Explored<T> {
  readonly result: T;
  /** What was assumed on this walk, in order. */
  readonly assumed: readonly { readonly unknown: Unknown; readonly answer: boolean }[];
}

export type Choose = (unknown: Unknown) => boolean;

/** Runs `walk` once for every combination of answers, at most `limit` times; `complete` says whether that was all. */
export function explore<T>(walk: (choose: Choose) => T, limit = 48): { readonly walks: readonly Explored<T>[]; readonly complete: boolean } {
  const walks: Explored<T>[] = [];
  let plan: boolean[] = [];
  while (walks.length < limit) {
    const assumed: { unknown: Unknown; answer: boolean }[] = [];
    const known = new Map<string, boolean>();
    const choose: Choose = (unknown) => {
      let answer = known.get(unknown.key);
      if (answer === undefined) {
        answer = plan[assumed.length] ?? true;
        known.set(unknown.key, answer);
        assumed.push({ unknown, answer });
      }
      return answer;
    };
    walks.push({ result: walk(choose), assumed });
    let last = assumed.length - 1;
    while (last >= 0 && !assumed[last]!.answer) last--;
    if (last < 0) return { walks, complete: true };
    plan = [...assumed.slice(0, last).map((a) => a.answer), false];
  }
  return { walks, complete: false };
}
