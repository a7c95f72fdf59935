import { z } from 'zod';
import { CHANGE_KINDS, type ChangeKind } from '../model/change.ts';
import { type Moment, type SnapshotInfo, TIMELINE_STEPS, type TimelineStep } from '../model/snapshot.ts';
import type { ChangedKind } from '../snapshots/section-hashes.ts';
import { never } from '../util/invariant.ts';
import type { Context } from './context.ts';
import { type Page, paginate } from './page.ts';
import { parseInput } from './parse-input.ts';
import { snapshotSchema } from './snapshot-schemas.ts';

const time = z.iso.datetime({ offset: true });

export const timelineFields = {
  step: z.enum(TIMELINE_STEPS).nullish().describe('What is put together: nothing (`snapshot`), or the snapshots of an `hour` or a `day`, UTC.'),
  since: time.nullish().describe('Only snapshots taken at or after this time.'),
  until: time.nullish().describe('Only snapshots taken at or before this time.'),
};
const timelineInput = z.object({ ...timelineFields, first: z.number().nullish(), after: z.string().nullish() });

/** Newest first. Reads no facts. Throws UserError BAD_ARGUMENT or BAD_CURSOR. */
export async function timeline(context: Context, raw: unknown): Promise<Page<Moment>> {
  const { step, since, until, ...page } = parseInput(timelineInput, raw, 'BAD_ARGUMENT', 'timeline');
  const store = await context.store();
  const all = await store.list();
  const [from, to] = [since ? Date.parse(since) : Number.NEGATIVE_INFINITY, until ? Date.parse(until) : Number.POSITIVE_INFINITY];
  const within = all.filter(({ takenAt }) => Date.parse(takenAt) >= from && Date.parse(takenAt) <= to);
  const found = paginate(grouped(within, step ?? 'snapshot'), ([last]) => String(last!.id), page);
  const shown = found.items.flat();
  const changed = shown.length > 0 ? await store.changedKinds(shown.at(-1)!.id, shown[0]!.id) : [];
  const bySnapshot = new Map<number, ChangedKind[]>();
  for (const row of changed) bySnapshot.set(row.snapshotId, [...(bySnapshot.get(row.snapshotId) ?? []), row]);
  // Before the first of all there is nothing that it could differ from.
  bySnapshot.delete(all.at(-1)?.id ?? 0);
  return { ...found, items: found.items.map((snapshots) => moment(snapshots, bySnapshot)) };
}

function grouped(snapshots: readonly SnapshotInfo[], step: TimelineStep): readonly (readonly SnapshotInfo[])[] {
  const moments = new Map<string, SnapshotInfo[]>();
  for (const snapshot of snapshots) {
    const name = momentOf(step, snapshot);
    const moment = moments.get(name);
    if (moment) moment.push(snapshot);
    else moments.set(name, [snapshot]);
  }
  return [...moments.values()];
}

function momentOf(step: TimelineStep, { id, takenAt }: SnapshotInfo): string {
  switch (step) {
    case 'snapshot':
      return String(id);
    case 'hour':
      return takenAt.slice(0, 13);
    case 'day':
      return takenAt.slice(0, 10);
    default:
      return never(step);
  }
}

const kindOf = (kind: string): ChangeKind | undefined => CHANGE_KINDS.find((known) => known === (kind || 'host'));

function moment(snapshots: readonly SnapshotInfo[], changed: ReadonlyMap<number, readonly ChangedKind[]>): Moment {
  const rows = snapshots.flatMap(({ id }) => changed.get(id) ?? []);
  const kinds = new Set(rows.flatMap(({ kind }) => kindOf(kind) ?? []));
  return {
    snapshot: snapshots[0]!,
    snapshots: snapshots.length,
    changes: rows.reduce((sum, { hosts }) => sum + hosts, 0),
    kinds: CHANGE_KINDS.filter((kind) => kinds.has(kind)),
    marked: snapshots.filter(({ label, pinned }) => label !== null || pinned),
  };
}

export const momentSchema = z
  .object({
    snapshot: snapshotSchema.describe('The last of them.'),
    snapshots: z.number().int().describe('How many snapshots there are.'),
    changes: z.number().int().describe('In how many places something was not as in the snapshot before: one for each kind of things on each host.'),
    kinds: z.array(z.enum(CHANGE_KINDS)).describe('Kinds of things of which some changed.'),
    marked: z.array(snapshotSchema).describe('Those that bear a label or are pinned, newest first.'),
  })
  .meta({ id: 'Moment' });
