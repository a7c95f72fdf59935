/** When the things of each kind on a host last changed in meaning: finds the snapshots in which something happened without reading facts. */
import { Prisma } from '../generated/sqlite/client.ts';
import type { Session } from './database.ts';

/** By host id and kind. */
type Hashes = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** Rows that a statement reads or writes. */
const PART = 1000;

/** Writes those that are not as they were. */
export async function insertSectionHashes(session: Session, snapshotId: number, hashes: Hashes): Promise<void> {
  const all = [...hashes].flatMap(([hostId, kinds]) => [...kinds].map(([kind, hash]) => ({ hostId, kind, hash })));
  for (let start = 0; start < all.length; start += PART) {
    const part = all.slice(start, start + PART);
    const last = await lastHashes(session, part);
    const rows = part.filter(({ hash }, i) => hash !== last[i]).map(({ hostId, kind, hash }) => Prisma.sql`(${hostId}, ${kind}, ${snapshotId}, ${hash})`);
    if (rows.length > 0) await session.$executeRaw`INSERT INTO "SectionHash" ("hostId", "kind", "snapshotId", "hash") VALUES ${Prisma.join(rows)}`;
  }
}

/** One seek each, however long the history; in the order of `wanted`. */
async function lastHashes(session: Session, wanted: readonly { readonly hostId: number; readonly kind: string }[]): Promise<(string | null)[]> {
  const values = wanted.map(({ hostId, kind }, i) => Prisma.sql`(CAST(${i} AS INTEGER), CAST(${hostId} AS INTEGER), CAST(${kind} AS TEXT))`);
  const rows = await session.$queryRaw<{ hash: string | null }[]>`
    SELECT (SELECT s."hash" FROM "SectionHash" s WHERE s."hostId" = v."column2" AND s."kind" = v."column3" ORDER BY s."snapshotId" DESC LIMIT 1) AS "hash"
    FROM (VALUES ${Prisma.join(values)}) AS v ORDER BY v."column1"`;
  return rows.map(({ hash }) => hash);
}

/** Ids of the snapshots until `last` (inclusive) in which something of these hosts was not as in the one before, oldest first. */
export async function changePoints(session: Session, hostIds: readonly number[], last: number): Promise<readonly number[]> {
  const points = new Set<number>();
  for (let start = 0; start < hostIds.length; start += 1000) {
    const ids = Prisma.join(hostIds.slice(start, start + 1000));
    const rows = await session.$queryRaw<{ snapshotId: number }[]>`
      SELECT DISTINCT "snapshotId" FROM "SectionHash" WHERE "hostId" IN (${ids}) AND "snapshotId" <= ${last}`;
    for (const { snapshotId } of rows) points.add(Number(snapshotId));
  }
  return [...points].sort((a, b) => a - b);
}

/** A kind of things (empty: the host itself) that was not as in the snapshot before, and on how many hosts. */
export interface ChangedKind {
  readonly snapshotId: number;
  readonly kind: string;
  readonly hosts: number;
}

/** Of the snapshots from `first` to `last`, inclusive. */
export async function changedKinds(session: Session, first: number, last: number): Promise<readonly ChangedKind[]> {
  const rows = await session.$queryRaw<{ snapshotId: number; kind: string; hosts: number | bigint }[]>`
    SELECT "snapshotId", "kind", COUNT(*) AS "hosts" FROM "SectionHash" WHERE "snapshotId" BETWEEN ${first} AND ${last} GROUP BY "snapshotId", "kind"`;
  return rows.map(({ snapshotId, kind, hosts }) => ({ snapshotId: Number(snapshotId), kind, hosts: Number(hosts) }));
}
