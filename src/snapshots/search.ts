import { Prisma } from '../generated/sqlite/client.ts';
import type { EntityKind, SearchHit } from '../model/snapshot.ts';
import type { Session } from './database.ts';
import { storable, unpackAddresses } from './entities.ts';
import type { SearchQuery } from './types.ts';

interface Row {
  readonly key: string;
  readonly host: string;
  readonly name: string;
  readonly addresses: string;
  readonly data: string;
  readonly first: number | bigint;
  readonly last: number | bigint;
  readonly count: number | bigint;
}

/** A part of the name or id, or a whole address; not case-sensitive. Ordered by kind, then id. */
export async function search(session: Session, query: SearchQuery): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const kind of query.kinds) {
    if (hits.length >= query.limit) break;
    hits.push(...(await searchKind(session, kind, query, query.limit - hits.length)));
  }
  return hits;
}

/** A key has a row for each form it had; the newest is shown. */
async function searchKind(session: Session, kind: EntityKind, query: SearchQuery, limit: number): Promise<SearchHit[]> {
  const text = storable(query.text)
    .toLowerCase()
    .replace(/[\\%_]/g, (character) => `\\${character}`);
  const part = `%${text}%`;
  const at = query.snapshotId;
  const inOne = at === null ? Prisma.empty : Prisma.sql`AND e."fromSnapshot" <= ${at} AND (e."toSnapshot" IS NULL OR e."toSnapshot" > ${at})`;
  const snapshots = at === null ? Prisma.empty : Prisma.sql`AND s."id" = ${at}`;
  const rows = await session.$queryRaw<Row[]>`
    SELECT e."key", e."host", e."name", e."addresses", e."data", g."first", g."last", g."count"
    FROM (SELECT e."key", MAX(e."id") AS "newest", MIN(s."id") AS "first", MAX(s."id") AS "last", COUNT(*) AS "count"
          FROM "Entity" e JOIN "Snapshot" s ON s."id" >= e."fromSnapshot" AND (e."toSnapshot" IS NULL OR s."id" < e."toSnapshot") ${snapshots}
          WHERE e."kind" = ${kind} ${inOne}
            AND (LOWER(e."name") LIKE ${part} ESCAPE '\\' OR LOWER(e."key") LIKE ${part} ESCAPE '\\' OR LOWER(e."addresses") LIKE ${`% ${text} %`} ESCAPE '\\')
          GROUP BY e."key" ORDER BY e."key" LIMIT ${limit}) g
    JOIN "Entity" e ON e."id" = g."newest" ORDER BY e."key"`;
  // Databases differ in how they order texts.
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return rows.map((row) => ({
    kind,
    id: row.key,
    host: row.host,
    name: row.name,
    addresses: unpackAddresses(row.addresses),
    data: JSON.parse(row.data) as unknown,
    firstSeen: Number(row.first),
    lastSeen: Number(row.last),
    snapshotCount: Number(row.count),
  }));
}
