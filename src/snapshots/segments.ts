/** Segments in the database: what the facts of hosts were as of a snapshot. */
import { Prisma } from '../generated/sqlite/client.ts';
import { UserError } from '../model/errors.ts';
import type { Session } from './database.ts';
import { type Head, replay, type Segment } from './segment.ts';

const PART = 500;
const TOGETHER = 16;

interface Row extends Omit<Segment, 'keyframe' | 'data'> {
  readonly keyframe: boolean | number;
  readonly data: Uint8Array;
}

/** Databases differ in what they make of numbers and truth. */
const segmentFrom = (row: Row): Segment => ({
  ...row,
  hostId: Number(row.hostId),
  snapshotId: Number(row.snapshotId),
  keyframe: Boolean(row.keyframe),
  data: new Uint8Array(row.data),
});

/** Each host's segments from its newest keyframe until the snapshot, oldest first. */
async function chains(session: Session, snapshotId: number, hostIds: readonly number[]): Promise<ReadonlyMap<number, readonly Segment[]>> {
  const found = new Map<number, Segment[]>();
  for (let start = 0; start < hostIds.length; start += PART) {
    const ids = Prisma.join(hostIds.slice(start, start + PART));
    const rows = await session.$queryRaw<Row[]>`
      SELECT s."hostId", s."snapshotId", s."keyframe", s."encoding", s."sha256", s."data"
      FROM "Host" h JOIN "Segment" s ON s."hostId" = h."id" AND s."snapshotId" <= ${snapshotId} AND s."snapshotId" >=
        COALESCE((SELECT k."snapshotId" FROM "Segment" k WHERE k."hostId" = h."id" AND k."keyframe" AND k."snapshotId" <= ${snapshotId}
         ORDER BY k."snapshotId" DESC LIMIT 1), 0)
      WHERE h."id" IN (${ids}) ORDER BY s."hostId", s."snapshotId"`;
    for (const segment of rows.map(segmentFrom)) {
      const chain = found.get(segment.hostId);
      if (chain) chain.push(segment);
      else found.set(segment.hostId, [segment]);
    }
  }
  return found;
}

/** What hosts' facts were, or why that cannot be said any more. */
export interface Heads {
  readonly heads: ReadonlyMap<number, Head>;
  readonly damage: ReadonlyMap<number, UserError>;
}

/** As of a snapshot; hosts that have no segment until then are left out. */
export async function headsAt(session: Session, snapshotId: number, names: ReadonlyMap<number, string>): Promise<Heads> {
  const heads = new Map<number, Head>();
  const damage = new Map<number, UserError>();
  const note = (id: number) => (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    damage.set(id, error);
  };
  const found = await chains(session, snapshotId, [...names.keys()]);
  // A few at a time: what one needs on the way is free again before the next ones.
  const hosts = [...found];
  for (let start = 0; start < hosts.length; start += TOGETHER) {
    const some = hosts.slice(start, start + TOGETHER);
    await Promise.all(some.map(([id, segments]) => replay(null, segments, names.get(id) ?? `number ${id}`).then((head) => heads.set(id, head), note(id))));
  }
  return { heads, damage };
}

/** A host's segments from one snapshot on, oldest first: until another (inclusive), or so many. */
export async function segmentsFrom(session: Session, hostId: number, first: number, end: { readonly last?: number; readonly limit?: number }) {
  return session.segment.findMany({
    where: { hostId, snapshotId: { gte: first, ...(end.last !== undefined && { lte: end.last }) } },
    orderBy: { snapshotId: 'asc' },
    ...(end.limit !== undefined && { take: end.limit }),
  });
}

export interface Mark {
  readonly snapshotId: number;
  readonly sha256: string;
}

/** Of all hosts, or of a few of them: each one's newest segment until the snapshot, without its data. One seek in the index a host. */
export async function marksAt(session: Session, snapshotId: number, few: ReadonlySet<number> | null = null): Promise<ReadonlyMap<number, Mark>> {
  if (few?.size === 0) return new Map();
  const only = few && few.size <= PART ? Prisma.sql`WHERE h."id" IN (${Prisma.join([...few])})` : Prisma.empty;
  const rows = await session.$queryRaw<{ hostId: number; snapshotId: number; sha256: string }[]>`
    SELECT s."hostId", s."snapshotId", s."sha256" FROM "Host" h JOIN "Segment" s ON s."hostId" = h."id" AND s."snapshotId" =
      (SELECT n."snapshotId" FROM "Segment" n WHERE n."hostId" = h."id" AND n."snapshotId" <= ${snapshotId} ORDER BY n."snapshotId" DESC LIMIT 1) ${only}`;
  return new Map(rows.map((row) => [Number(row.hostId), { snapshotId: Number(row.snapshotId), sha256: row.sha256 }]));
}

/** Hosts of which something was written after one snapshot until another. */
export async function hostsWritten(session: Session, after: number, until: number): Promise<ReadonlySet<number>> {
  const rows = await session.$queryRaw<{ hostId: number }[]>`
    SELECT DISTINCT "hostId" FROM "Segment" WHERE "snapshotId" > ${after} AND "snapshotId" <= ${until}`;
  return new Set(rows.map(({ hostId }) => Number(hostId)));
}

export async function insertSegments(session: Session, segments: readonly Segment[]): Promise<void> {
  for (let start = 0; start < segments.length; start += PART) {
    const rows = segments
      .slice(start, start + PART)
      .map((s) => Prisma.sql`(${s.hostId}, ${s.snapshotId}, ${s.keyframe}, ${s.encoding}, ${s.sha256}, ${s.data})`);
    await session.$executeRaw`INSERT INTO "Segment" ("hostId", "snapshotId", "keyframe", "encoding", "sha256", "data") VALUES ${Prisma.join(rows)}`;
  }
}
