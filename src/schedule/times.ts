/** When a schedule is due. Times are milliseconds since 1970. */
import { Cron } from 'croner';
import type { When } from '../model/schedule.ts';

const cron = ({ cron: pattern, timezone }: When & { kind: 'cron' }) => new Cron(pattern, { timezone, paused: true });

/** The first time after `time`; null when there is none any more. */
export function nextDue(when: When, time: number): number | null {
  if (when.kind === 'cron') return cron(when).nextRun(new Date(time))?.getTime() ?? null;
  const step = when.seconds * 1000;
  return Math.floor(time / step) * step + step;
}

/** The last time at or before `time`. */
export function lastDue(when: When, time: number): number | null {
  // croner leaves out a run at the very reference.
  if (when.kind === 'cron')
    return (
      cron(when)
        .previousRuns(1, new Date(time + 1))[0]
        ?.getTime() ?? null
    );
  const step = when.seconds * 1000;
  return Math.floor(time / step) * step;
}

/** Times counted one by one at most. */
const COUNTED = 10_000;

export interface Times {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** The times after `after` and before `before`; null when there is none. */
export function dueBetween(when: When, after: number, before: number): Times | null {
  const first = nextDue(when, after);
  const last = lastDue(when, before - 1);
  if (first === null || last === null || last < first) return null;
  if (when.kind === 'every') return { first, last, count: (last - first) / (when.seconds * 1000) + 1, more: false };
  let count = 1;
  for (let time: number | null = first; time !== null && time < last && count <= COUNTED; count++) time = nextDue(when, time);
  const more = count > COUNTED;
  return { first, last, count: more ? COUNTED : count, more };
}
