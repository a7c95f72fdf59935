/** Joins what changed in forgotten snapshots with what changed in the next one that is kept. */
import { UserError } from '../model/errors.ts';
import type { Session } from './database.ts';
import { namesOf } from './host-times.ts';
import { type Head, headAfter, replay, type Segment, segmentOf } from './segment.ts';
import { headsAt, insertSegments, segmentsFrom } from './segments.ts';

/**
 * Of the snapshots from `first` until `last` those not in `kept` are forgotten; `kept` are the ids from `first` on, ascending.
 * Host by host, so that one host's segments are in memory at a time.
 */
export async function forgetSegments(session: Session, first: number, last: number, kept: readonly number[]): Promise<void> {
  const names = await namesOf(session);
  // What is lost at the end of the range moves to the first that is kept after it.
  const end = kept.find((id) => id > last) ?? last;
  const hosts = await session.segment.findMany({ where: { snapshotId: { gte: first, lte: last } }, distinct: ['hostId'], select: { hostId: true } });
  for (const { hostId } of hosts) {
    const segments = await segmentsFrom(session, hostId, first, { last: end });
    const groups = grouped(segments, kept);
    if (groups.every(([target, members]) => members.length === 1 && members[0]!.snapshotId === target)) continue;
    const joined = await join(session, names.get(hostId) ?? `number ${hostId}`, hostId, first, groups);
    await session.segment.deleteMany({ where: { hostId, snapshotId: { gte: first, lte: end } } });
    await insertSegments(session, joined);
  }
}

type Group = readonly [target: number | null, members: readonly Segment[]];

/** Segments by the snapshot that they will belong to; null: to none. */
function grouped(segments: readonly Segment[], kept: readonly number[]): readonly Group[] {
  const groups: [number | null, Segment[]][] = [];
  let place = 0;
  for (const segment of segments) {
    while (place < kept.length && kept[place]! < segment.snapshotId) place++;
    const target = kept[place] ?? null;
    const group = groups.at(-1);
    if (group?.[0] === target) group[1].push(segment);
    else groups.push([target, [segment]]);
  }
  return groups;
}

/** One segment a group at most. Facts are looked at only where a group has several segments; damaged ones stay as they are. */
async function join(session: Session, host: string, hostId: number, first: number, groups: readonly Group[]): Promise<Segment[]> {
  const several = groups.some(([target, members]) => target !== null && members.length > 1);
  let head = several ? ((await headsAt(session, first - 1, new Map([[hostId, host]]))).heads.get(hostId) ?? null) : null;
  const joined: Segment[] = [];
  for (const [target, members] of groups) {
    if (target === null) continue;
    const newest = members.at(-1)!;
    const after = several ? await reached(head, members, host) : null;
    const segment: Segment | null =
      members.length === 1 || after === null ? { ...newest, snapshotId: target } : await segmentOf(hostId, target, head, after.facts);
    if (segment) joined.push(segment);
    head = after && (segment ? headAfter(head, segment, after.facts) : head);
  }
  return joined;
}

/** Null where damage hides what the facts were. What is behind a keyframe does not rest on what is before it. */
async function reached(before: Head | null, segments: readonly Segment[], host: string): Promise<Head | null> {
  const keyframe = segments.findLastIndex((segment) => segment.keyframe);
  try {
    return keyframe < 0 ? before && (await replay(before, segments, host)) : await replay(null, segments.slice(keyframe), host);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
