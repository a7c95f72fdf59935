import { z } from 'zod';
import type { SnapshotInfo } from '../../model/snapshot.ts';
import { checkDatabase } from '../../operations/check-database.ts';
import { databaseCheckSchema } from '../../operations/database-schemas.ts';
import { getSnapshot, listSnapshots } from '../../operations/list-snapshots.ts';
import { paginate } from '../../operations/page.ts';
import { page } from '../../operations/result-schemas.ts';
import { scheduleRunSchema, scheduleRuns, scheduleSchema, schedules } from '../../operations/schedules.ts';
import { snapshotSchema } from '../../operations/snapshot-schemas.ts';
import { takeSnapshot } from '../../operations/take-snapshot.ts';
import { momentSchema, timeline, timelineFields } from '../../operations/timeline.ts';
import { snapshotUri } from '../links.ts';
import { paging, tool } from '../tool.ts';
import { type Line, pageLine } from '../words.ts';

const lineOf = (snapshot: SnapshotInfo): Line => ({
  label: `Snapshot ${snapshot.id}`,
  says: `${snapshot.takenAt}${snapshot.label === null ? '' : ` ${snapshot.label}`}, ${snapshot.hostCount} hosts, ${snapshot.gapCount} gaps`,
  backedBy: [snapshotUri(snapshot)],
});

export const snapshotsTool = tool({
  name: 'snapshots',
  title: 'Snapshots',
  description: 'All snapshots, newest first; or, with `reference`, the one that it means.',
  input: z.strictObject({ reference: z.string().max(200).nullish().describe('Id, label, time, `latest`, `previous`, `yesterday`, `1h ago`.'), ...paging }),
  output: page(snapshotSchema),
  run: async (context, { reference, first, after }) => {
    if (reference == null) return listSnapshots(context, { first, after: after ?? null });
    return paginate([await getSnapshot(context, reference)], ({ id }) => String(id), {});
  },
  lines: (found) => [...found.items.map(lineOf), ...pageLine(found, found.items.length)],
});

export const timelineTool = tool({
  name: 'timeline',
  title: 'When something changed',
  description: 'The kept snapshots, newest first, by snapshot, hour or day, with how much changed in each and of which kinds: where to look with `diff`.',
  input: z.strictObject({ ...timelineFields, ...paging }),
  output: page(momentSchema),
  run: (context, input) => timeline(context, input),
  lines: (found) => [
    ...found.items.map(({ snapshot, snapshots, changes, kinds }) => ({
      label: snapshot.takenAt,
      says: `${changes} places changed${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''} in ${snapshots} snapshots`,
      backedBy: [snapshotUri(snapshot)],
    })),
    ...pageLine(found, found.items.length),
  ],
});

export const takeSnapshotTool = tool({
  name: 'take_snapshot',
  heavy: true,
  title: 'Take a snapshot',
  description: 'Reads all hosts now and keeps what they say. It changes nothing on them.',
  scope: 'snapshot',
  readOnly: false,
  input: z.strictObject({ label: z.string().max(200).nullish().describe('A name for it.') }),
  output: z.object({ snapshot: snapshotSchema }),
  run: async (context, { label }) => ({ snapshot: await takeSnapshot(context, { label: label ?? null }) }),
  lines: ({ snapshot }) => [lineOf(snapshot)],
});

export const schedulesTool = tool({
  name: 'schedules',
  title: 'Schedules',
  description: 'When snapshots are taken without anybody asking, when each is due next, and what became of its last run.',
  input: z.strictObject({}),
  output: z.object({ schedules: z.array(scheduleSchema) }),
  run: async (context) => ({ schedules: await schedules(context) }),
  lines: ({ schedules: all }) =>
    all.map(({ name, when, next, lastRun }) => ({
      label: 'Schedule',
      says: `${name}: ${when}, next ${next ?? 'never'}${lastRun ? `, last ${lastRun.state} at ${lastRun.dueAt}` : ''}`,
      backedBy: [`schedule:${name}`],
    })),
});

export const scheduleRunsTool = tool({
  name: 'schedule_runs',
  title: 'Runs of a schedule',
  description: 'The latest times at which a schedule was due, newest first, and what became of each.',
  input: z.strictObject({ schedule: z.string().min(1).max(200), first: paging.first }),
  output: z.object({ runs: z.array(scheduleRunSchema) }),
  run: async (context, input) => ({ runs: await scheduleRuns(context, input) }),
  lines: ({ runs }) =>
    runs.map(({ schedule, dueAt, state, snapshotId, reason }) => ({
      label: state,
      says: `${schedule} at ${dueAt}${reason === null ? '' : `: ${reason}`}`,
      backedBy: [snapshotId === null ? `schedule:${schedule}` : `netwhy://snapshot/${snapshotId}`],
    })),
});

export const checkDatabaseTool = tool({
  name: 'check_database',
  heavy: true,
  title: 'Is what is stored whole?',
  description: 'Reads all that is stored, compares it with its checksums, and names what is damaged. Takes long with many snapshots.',
  input: z.strictObject({}),
  output: databaseCheckSchema,
  run: (context) => checkDatabase(context),
  lines: ({ snapshots, segments, damage }) => [
    { label: 'Database', says: `${snapshots} snapshots, ${segments} segments, ${damage.length} damaged`, backedBy: ['damage'] },
    ...damage.map(({ what, host, snapshotId }, i) => ({
      label: 'Damage',
      says: `${what}${host === null ? '' : ` (${host})`}`,
      backedBy: [`damage.${i}`, `snapshot ${snapshotId}`],
    })),
  ],
});
