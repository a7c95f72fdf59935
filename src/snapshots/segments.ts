/** Segments in the database: what the facts of hosts were as of a snapshot. */
import { Prisma } from '../generated/sqlite/client.ts';
import type { Session } from './database.ts';
import { type Head, pack, replay, type Segment, segmentOf } from './segment.ts';

/** Each host's segments from its newest keyframe until the snapshot, oldest first. */
async function chains(session: Session, snapshotId: number, hostIds: readonly number[]): Promise<ReadonlyMap<number, readonly Segment[]>> {
  const found = new Map<number, Segment[]>();
  for (let start = 0; start < hostIds.length; start += 1000) {
    const ids = Prisma.join(hostIds.slice(start, start + 1000));
    const rows = await session.$queryRaw<Segment[]>`
      SELECT s."hostId", s."snapshotId", s."keyframe", s."encoding", s."sha256", s."data"
      FROM "Host" h JOIN "Segment" s ON s."hostId" = h."id" AND s."snapshotId" <= ${snapshotId} AND s."snapshotId" >=
        (SELECT k."snapshotId" FROM "Segment" k WHERE k."hostId" = h."id" AND k."keyframe" AND k."snapshotId" <= ${snapshotId}
         ORDER BY k."snapshotId" DESC LIMIT 1)
      WHERE h."id" IN (${ids}) ORDER BY s."hostId", s."snapshotId"`;
    for (const row of rows) {
      const segment = {
        ...row,
        hostId: Number(row.hostId),
        snapshotId: Number(row.snapshotId),
        keyframe: Boolean(row.keyframe),
        data: new Uint8Array(row.data),
      };
      const chain = found.get(segment.hostId);
      if (chain) chain.push(segment);
      else found.set(segment.hostId, [segment]);
    }
  }
  return found;
}

/** Hosts that have no segment until then are left out. */
export async function headsAt(session: Session, snapshotId: number, hosts: ReadonlyMap<number, string>): Promise<ReadonlyMap<number, Head>> {
  const found = await chains(session, snapshotId, [...hosts.keys()]);
  const heads = await Promise.all([...found].map(async ([id, segments]) => [id, await replay(segments, hosts.get(id) ?? `number ${id}`)] as const));
  return new Map(heads);
}

export interface Mark {
  readonly snapshotId: number;
  readonly sha256: string;
}

/** Each host's newest segment until the snapshot, without its data. One seek in the index a host. */
export async function marksAt(session: Session, snapshotId: number): Promise<ReadonlyMap<number, Mark>> {
  const rows = await session.$queryRaw<{ hostId: number; snapshotId: number; sha256: string }[]>`
    SELECT s."hostId", s."snapshotId", s."sha256" FROM "Host" h JOIN "Segment" s ON s."hostId" = h."id" AND s."snapshotId" =
      (SELECT n."snapshotId" FROM "Segment" n WHERE n."hostId" = h."id" AND n."snapshotId" <= ${snapshotId} ORDER BY n."snapshotId" DESC LIMIT 1)`;
  return new Map(rows.map((row) => [Number(row.hostId), { snapshotId: Number(row.snapshotId), sha256: row.sha256 }]));
}

export async function insertSegments(session: Session, segments: readonly Segment[]): Promise<void> {
  for (let start = 0; start < segments.length; start += 500) {
    const rows = segments
      .slice(start, start + 500)
      .map((s) => Prisma.sql`(${s.hostId}, ${s.snapshotId}, ${s.keyframe}, ${s.encoding}, ${s.sha256}, ${s.data})`);
    await session.$executeRaw`INSERT INTO "Segment" ("hostId", "snapshotId", "keyframe", "encoding", "sha256", "data") VALUES ${Prisma.join(rows)}`;
  }
}

/** Takes a snapshot's segments out; what later ones rest on moves to the next snapshot, or is joined with the segment there. */
export async function forgetSegments(session: Session, snapshotId: number, next: number | null, names: ReadonlyMap<number, string>): Promise<void> {
  const own = await session.segment.findMany({ where: { snapshotId }, select: { hostId: true, keyframe: true } });
  if (next === null) {
    await session.segment.deleteMany({ where: { snapshotId } });
    return;
  }
  const there = new Map(
    (await session.segment.findMany({ where: { snapshotId: next }, select: { hostId: true, keyframe: true } })).map((s) => [s.hostId, s.keyframe]),
  );
  const joined = own.filter(({ hostId }) => there.get(hostId) === false);
  const hosts = new Map(joined.map(({ hostId }) => [hostId, names.get(hostId) ?? `number ${hostId}`]));
  const before = await headsAt(session, snapshotId - 1, hosts);
  const after = await headsAt(session, next, hosts);
  for (const { hostId, keyframe } of joined) {
    const facts = after.get(hostId)!.facts;
    const base = keyframe ? null : (before.get(hostId) ?? null);
    const segment = (await segmentOf(hostId, next, base, facts)) ?? { keyframe: false, data: await pack([[0, facts.length]]) };
    await session.segment.update({ where: { hostId_snapshotId: { hostId, snapshotId: next } }, data: { keyframe: segment.keyframe, data: segment.data } });
  }
  await session.segment.deleteMany({ where: { snapshotId, hostId: { in: own.filter(({ hostId }) => there.has(hostId)).map(({ hostId }) => hostId) } } });
  await session.segment.updateMany({ where: { snapshotId }, data: { snapshotId: next } });
}
