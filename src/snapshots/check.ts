/** Looks for damage: reads everything that is stored, and goes on behind what cannot be read. */
import { Prisma } from '../generated/sqlite/client.ts';
import { UserError } from '../model/errors.ts';
import type { Damage, DatabaseCheck } from '../model/snapshot.ts';
import type { Database } from './database.ts';
import { hostTimes, namesOf } from './host-times.ts';
import { type Head, replay } from './segment.ts';
import { segmentsFrom } from './segments.ts';

/** Segments of a host that are in memory at a time. */
const AT_ONCE = 200;

export type CheckProgress = (progress: { readonly host: string; readonly done: number; readonly total: number }) => void;

export async function check(database: Database, onProgress: CheckProgress): Promise<DatabaseCheck> {
  const damage: Damage[] = [...(await checkFile(database))];
  const names = await namesOf(database);
  const ids = (await database.snapshot.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);
  const beginnings = new Map<number, number>();
  let segments = 0;
  for (const [done, [hostId, host]] of [...names].entries()) {
    onProgress({ host, done, total: names.size });
    const found = await checkHost(database, hostId, host);
    segments += found.segments;
    damage.push(...found.damage);
    if (found.first !== null) beginnings.set(hostId, found.first);
  }
  damage.push(...(await checkSnapshots(database, ids, names, beginnings)), ...(await checkReferences(database, names)));
  return { snapshots: ids.length, hosts: names.size, segments, damage };
}

/** What SQLite itself says of its file; PostgreSQL checks its pages when it reads them. https://www.sqlite.org/pragma.html#pragma_quick_check */
async function checkFile(database: Database): Promise<Damage[]> {
  if (database.provider === 'postgresql') return [];
  const rows = await database.$queryRawUnsafe<{ quick_check: string }[]>('PRAGMA quick_check');
  return rows.flatMap(({ quick_check }) => (quick_check === 'ok' ? [] : [{ snapshotId: null, host: null, what: `SQLite says: ${quick_check}` }]));
}

interface HostCheck {
  readonly segments: number;
  /** The first snapshot that has facts of this host. */
  readonly first: number | null;
  readonly damage: readonly Damage[];
}

/** Deltas behind a damaged segment cannot be read until the next keyframe: named once, where it begins. */
async function checkHost(database: Database, hostId: number, host: string): Promise<HostCheck> {
  const damage: Damage[] = [];
  let [head, broken, first, last, segments]: [Head | null, boolean, number | null, number, number] = [null, false, null, -1, 0];
  for (;;) {
    const part = await segmentsFrom(database, hostId, last + 1, { limit: AT_ONCE });
    for (const segment of part) {
      last = segment.snapshotId;
      segments++;
      first ??= last;
      if (broken && !segment.keyframe) continue;
      try {
        head = await replay(head, [segment], host);
        broken = false;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        damage.push({ snapshotId: last, host, what: error.message });
        head = null;
        broken = true;
      }
    }
    if (part.length < AT_ONCE) return { segments, first, damage };
  }
}

/** The lists of hosts, and whether each host's facts begin before the snapshot. */
async function checkSnapshots(
  database: Database,
  ids: readonly number[],
  names: ReadonlyMap<number, string>,
  beginnings: ReadonlyMap<number, number>,
): Promise<Damage[]> {
  const damage: Damage[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const rows = await database.snapshot.findMany({ where: { id: { in: ids.slice(start, start + AT_ONCE) } }, orderBy: { id: 'asc' } });
    for (const row of rows) {
      try {
        for (const [hostId] of await hostTimes(row)) {
          const host = names.get(hostId);
          const begins = beginnings.get(hostId);
          if (host === undefined) damage.push({ snapshotId: row.id, host: null, what: `Snapshot ${row.id} has a host number ${hostId}, which is not there.` });
          else if (begins === undefined || begins > row.id) damage.push({ snapshotId: row.id, host, what: `Snapshot ${row.id} has no facts of host ${host}.` });
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        damage.push({ snapshotId: row.id, host: null, what: error.message });
      }
    }
  }
  return damage;
}

/** Rows that name a snapshot that is not there, end before they begin, or say two things of the same time. */
async function checkReferences(database: Database, names: ReadonlyMap<number, string>): Promise<Damage[]> {
  const rows = await database.$queryRaw<{ hostId: number; snapshotId: number; what: string }[]>`
    SELECT s."hostId", s."snapshotId", 'facts' AS "what" FROM "Segment" s WHERE ${missing(Prisma.sql`s."snapshotId"`)}
    UNION ALL SELECT s."hostId", s."snapshotId", 'changes' FROM "SectionHash" s WHERE ${missing(Prisma.sql`s."snapshotId"`)}
    UNION ALL SELECT e."hostId", e."fromSnapshot", e."key" FROM "Entity" e WHERE ${missing(Prisma.sql`e."fromSnapshot"`)}
    UNION ALL SELECT e."hostId", e."toSnapshot", e."key" FROM "Entity" e WHERE e."toSnapshot" IS NOT NULL AND ${missing(Prisma.sql`e."toSnapshot"`)}
    UNION ALL SELECT e."hostId", e."fromSnapshot", e."key" FROM "Entity" e WHERE e."toSnapshot" <= e."fromSnapshot" OR EXISTS
      (SELECT 1 FROM "Entity" o WHERE o."kind" = e."kind" AND o."key" = e."key" AND o."id" <> e."id" AND o."fromSnapshot" <= e."fromSnapshot"
        AND (o."toSnapshot" IS NULL OR o."toSnapshot" > e."fromSnapshot"))`;
  return rows.map(({ hostId, snapshotId, what }) => {
    const host = names.get(Number(hostId)) ?? null;
    const whose = `${what} of host ${host ?? `number ${hostId}`}`;
    return {
      snapshotId: Number(snapshotId),
      host,
      what: `What is stored as of snapshot ${snapshotId} for ${whose} refers to a snapshot that is not there, or overlaps.`,
    };
  });
}

const missing = (column: Prisma.Sql) => Prisma.sql`NOT EXISTS (SELECT 1 FROM "Snapshot" k WHERE k."id" = ${column})`;
