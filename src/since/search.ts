/** Finds where an answer turned, in a row of moments of which each costs an evaluation. */

export type Kind = 'works' | 'broken' | 'absent' | 'unknown';

/** Whether `then` is the contrary of `now`: what was not there did not work. */
const isOther = (now: Kind, then: Kind): boolean => (now === 'works' ? then === 'broken' || then === 'absent' : then === 'works');

export interface Turn {
  /** The newest moment that is known to be the other way; null: none is. */
  readonly last: number | null;
  /** The oldest one after it that is as now; null: none of them. */
  readonly first: number | null;
  readonly evaluated: number;
  /** Every moment after `last` was evaluated, or there is none. */
  readonly certain: boolean;
}

/** So many of the newest are asked one by one: most things are noticed soon. */
const RECENT = 6;

/**
 * `count` moments, oldest first; the present is after them and is `now`. At most `budget` are evaluated: the newest, then in steps that
 * double, then by bisection between the contrary and what is as now; what is left of the budget looks into the largest gaps.
 */
export async function findTurn(count: number, now: Kind, at: (moment: number) => Promise<Kind>, budget: number): Promise<Turn> {
  const known = new Map<number, Kind>();
  const other = async (moment: number): Promise<boolean> => {
    let kind = known.get(moment);
    if (kind === undefined) {
      kind = await at(moment);
      known.set(moment, kind);
    }
    return isOther(now, kind);
  };
  const spent = () => known.size >= budget;
  let last = -1;

  for (let i = count - 1, step = 1; i >= 0 && last < 0 && !spent(); ) {
    if (await other(i)) last = i;
    if (i === 0) break;
    if (count - i >= RECENT) step *= 2;
    i = Math.max(0, i - step);
  }
  while (!spent()) {
    const next = between(known, last, count);
    if (next === null) break;
    if (await other(next)) last = Math.max(last, next);
  }

  let first: number | null = null;
  for (const moment of [...known.keys()].sort((a, b) => a - b)) {
    if (moment > last && known.get(moment) === now) {
      first = moment;
      break;
    }
  }
  return { last: last < 0 ? null : last, first, evaluated: known.size, certain: known.size >= count || isWhole(known, last, count) };
}

function isWhole(known: ReadonlyMap<number, Kind>, last: number, count: number): boolean {
  for (let i = last + 1; i < count; i++) if (!known.has(i)) return false;
  return true;
}

/** The middle of the gap that begins at `last`, until what follows it is known; then of the largest gap after it. */
function between(known: ReadonlyMap<number, Kind>, last: number, count: number): number | null {
  const marks = [last, ...[...known.keys()].filter((i) => i > last).sort((a, b) => a - b), count];
  let best: { from: number; to: number } | null = null;
  for (const [i, from] of marks.slice(0, -1).entries()) {
    const to = marks[i + 1]!;
    if (to - from < 2) continue;
    if (i === 0 && last >= 0) return (from + to) >> 1;
    if (!best || to - from > best.to - best.from) best = { from, to };
  }
  return best && (best.from + best.to) >> 1;
}
