/** Runs the schedules of a configuration. */
import type { Schedule } from '../model/schedule.ts';
import { systemClock } from './clock.ts';
import { here, type Take } from './here.ts';
import { type Ledger, missedBetween } from './ledger.ts';
import { Scheduler } from './scheduler.ts';
import { lastDue } from './times.ts';

export interface Work {
  readonly take: Take;
  readonly ledger: Ledger;
  readonly report: (error: unknown) => void;
}

/** With a PostgreSQL database the work is shared with other processes that have it. */
export async function runSchedules(schedules: readonly Schedule[], { take, ledger, report }: Work, database: string): Promise<Scheduler> {
  const sharing = /^postgres(ql)?:/.test(database) && schedules.length > 0;
  const hands = sharing ? (await import('./shared.ts')).shared({ url: database, schedules, take, ledger, report }) : here(take, report);
  return new Scheduler(schedules, { ledger, hands, clock: systemClock, chance: Math.random, report });
}

/** Takes what is due and was not taken yet, one after the other; for a timer that is not netwhy's. */
export async function runOnce(schedules: readonly Schedule[], { take, ledger }: Work, now: number): Promise<void> {
  for (const schedule of schedules) {
    const due = lastDue(schedule.when, now);
    const last = await ledger.last(schedule);
    if (due === null || (last !== null && last >= due)) continue;
    if (last !== null) await missedBetween(ledger, schedule, last, due);
    await take(schedule, due);
  }
}
