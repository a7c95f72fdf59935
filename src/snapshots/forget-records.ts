/** Deletes what was written down about the work itself, when it is old. */
import type { DeliveryState } from '../model/notice.ts';
import type { Session } from './database.ts';

/** Notices that went to all of their targets, and runs of schedules; each schedule's last run tells what is due next. */
export async function forgetRecords(session: Session, before: Date): Promise<void> {
  const undelivered = { state: { not: 'DELIVERED' satisfies DeliveryState } };
  await session.notice.deleteMany({ where: { at: { lt: before }, deliveries: { none: undelivered } } });
  await session.$executeRaw`
    DELETE FROM "ScheduleRun" WHERE "dueAt" < ${before}
    AND EXISTS (SELECT 1 FROM "ScheduleRun" n WHERE n."schedule" = "ScheduleRun"."schedule" AND n."dueAt" > "ScheduleRun"."dueAt")`;
}
