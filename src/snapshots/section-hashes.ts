/** When the things of each kind on a host last changed in meaning: finds the snapshots in which something happened without reading facts. */
import { Prisma } from '../generated/sqlite/client.ts';
import type { Session } from './database.ts';

/** By host id and kind. */
type Hashes = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** Writes those that are not as they were. */
export async function insertSectionHashes(session: Session, snapshotId: number, hashes: Hashes): Promise<void> {
  const rows: Prisma.Sql[] = [];
  for (const [hostId, kinds] of hashes) {
    const last = await session.$queryRaw<{ kind: string; hash: string }[]>`
      SELECT s."kind", s."hash" FROM "SectionHash" s WHERE s."hostId" = ${hostId} AND s."snapshotId" =
        (SELECT MAX(n."snapshotId") FROM "SectionHash" n WHERE n."hostId" = s."hostId" AND n."kind" = s."kind")`;
    const known = new Map(last.map(({ kind, hash }) => [kind, hash]));
    for (const [kind, hash] of kinds) if (known.get(kind) !== hash) rows.push(Prisma.sql`(${hostId}, ${kind}, ${snapshotId}, ${hash})`);
  }
  for (let start = 0; start < rows.length; start += 1000) {
    const part = Prisma.join(rows.slice(start, start + 1000));
    await session.$executeRaw`INSERT INTO "SectionHash" ("hostId", "kind", "snapshotId", "hash") VALUES ${part}`;
  }
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
