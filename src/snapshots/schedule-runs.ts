/** What became of the times at which schedules were due. */
import { Prisma, type ScheduleRun as Row } from '../generated/sqlite/client.ts';
import type { RunState, ScheduleRun } from '../model/schedule.ts';
import type { Session } from './database.ts';

/** Another process has taken the snapshot of a time. */
export class TakenBefore extends Error {}

/** Several processes may write down one time: that a snapshot was taken outdoes that it failed, and that outdoes that it was missed. */
const OUTDONE: Readonly<Record<RunState, readonly RunState[]>> = { MISSED: [], FAILED: ['MISSED'], TAKEN: ['MISSED', 'FAILED'] };

/** False when as much or more was written down before. One statement: of two processes that write at once one finds the other's. */
export async function writeRun(session: Session, { schedule, dueAt, state, snapshotId, reason }: ScheduleRun): Promise<boolean> {
  const outdone = Prisma.join(OUTDONE[state].length > 0 ? OUTDONE[state] : ['']);
  const written = await session.$executeRaw`
    INSERT INTO "ScheduleRun" ("schedule", "dueAt", "state", "snapshotId", "reason")
    VALUES (${schedule}, ${new Date(dueAt)}, ${state}, ${snapshotId}, ${reason})
    ON CONFLICT ("schedule", "dueAt") DO UPDATE SET "state" = excluded."state", "snapshotId" = excluded."snapshotId", "reason" = excluded."reason"
    WHERE "ScheduleRun"."state" IN (${outdone})`;
  return written > 0;
}

/** Newest first. */
export async function readRuns(session: Session, schedule: string, first: number): Promise<ScheduleRun[]> {
  return (await session.scheduleRun.findMany({ where: { schedule }, orderBy: { dueAt: 'desc' }, take: first })).map(run);
}

export async function countRuns(session: Session, schedule: string, state: RunState): Promise<number> {
  return session.scheduleRun.count({ where: { schedule, state } });
}

const run = ({ schedule, dueAt, state, snapshotId, reason }: Row): ScheduleRun => ({
  schedule,
  dueAt: dueAt.toISOString(),
  state: state as RunState,
  snapshotId,
  reason,
});
