/** What a schedule does at a time that it is due, and what is written down of it. */
import type { Schedule, ScheduleRun } from '../model/schedule.ts';
import { TakenBefore } from '../snapshots/schedule-runs.ts';
import type { Context } from './context.ts';
import { describeError } from './describe-error.ts';
import { pruneSnapshots } from './prune-snapshots.ts';
import { takeSnapshot } from './take-snapshot.ts';

const iso = (time: number) => new Date(time).toISOString();

/** `dueAt`: milliseconds since 1970. Null when another process has done it. Rejects only when it cannot be written down. */
export async function runSchedule(context: Context, schedule: Schedule, dueAt: number): Promise<ScheduleRun | null> {
  const due = { schedule: schedule.name, dueAt: iso(dueAt) };
  try {
    const { id } = await takeSnapshot(context, { label: schedule.label, due });
    // The snapshot is kept: what is too old now will be so after the next one too.
    if (context.retention) await pruneSnapshots(context).catch(context.report);
    return { ...due, state: 'TAKEN', snapshotId: id, reason: null };
  } catch (error) {
    if (error instanceof TakenBefore) return null;
    const { code, message, hint } = describeError(error);
    if (code === 'INTERNAL') context.report(error);
    return writeRun(context, schedule, dueAt, 'FAILED', `${message} ${hint}`);
  }
}

/** The latest time of a schedule that is written down, in milliseconds since 1970. */
export async function lastRun(context: Context, schedule: Schedule): Promise<number | null> {
  const [last] = await (await context.store()).runs(schedule.name, 1);
  return last ? Date.parse(last.dueAt) : null;
}

/** That there is no snapshot of a time, and why. */
export async function writeRun(context: Context, schedule: Schedule, dueAt: number, state: 'MISSED' | 'FAILED', reason: string): Promise<ScheduleRun> {
  const run: ScheduleRun = { schedule: schedule.name, dueAt: iso(dueAt), state, snapshotId: null, reason };
  await (await context.store()).writeRun(run);
  return run;
}
