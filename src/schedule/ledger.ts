import type { Schedule } from '../model/schedule.ts';
import { dueBetween } from './times.ts';

/** What is written down of the times at which a schedule was due. Times are milliseconds since 1970. */
export interface Ledger {
  /** The latest time that is written down; null when there is none. */
  last(schedule: Schedule): Promise<number | null>;
  missed(schedule: Schedule, dueAt: number, reason: string): Promise<void>;
  failed(schedule: Schedule, dueAt: number, reason: string): Promise<void>;
}

const text = (time: number) => new Date(time).toISOString();

/** Writes down, as one, the times after `after` and before `before`, of which nothing is written down. */
export async function missedBetween(ledger: Ledger, schedule: Schedule, after: number, before: number): Promise<void> {
  const times = dueBetween(schedule.when, after, before);
  if (!times) return;
  const { first, last, count, more } = times;
  const several = `: ${more ? 'more than ' : ''}${count} times from ${text(first)} to ${text(last)}`;
  await ledger.missed(schedule, last, `netwhy did not run then, or could not write it down${count === 1 ? '' : several}`);
}
