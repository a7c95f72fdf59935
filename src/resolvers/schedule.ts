import type { QueryResolvers, ScheduleResolvers, ScheduleRunResolvers } from '../generated/graphql.ts';
import { findSnapshot } from '../operations/list-snapshots.ts';
import { scheduleRuns, schedules } from '../operations/schedules.ts';

export const scheduleQueries: QueryResolvers = {
  schedules: (_, _input, context) => schedules(context),
};

export const Schedule: ScheduleResolvers = {
  runs: ({ name }, { first }, context) => scheduleRuns(context, { schedule: name, first: first ?? 20 }),
};

export const ScheduleRun: ScheduleRunResolvers = {
  snapshot: ({ snapshotId }, _, context) => (snapshotId === null ? null : findSnapshot(context, snapshotId)),
};
