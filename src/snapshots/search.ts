import type { EntityKind, SearchHit } from '../model/snapshot.ts';
import { TABLES, unpackAddresses } from './bulk-insert.ts';
import type { Session } from './database.ts';
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

async function searchKind(session: Session, kind: EntityKind, query: SearchQuery, limit: number): Promise<SearchHit[]> {
  const table = TABLES[kind];
  const text = query.text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`);
  const part = `%${text}%`;
  const where = `(LOWER("name") LIKE ? ESCAPE '\\' OR LOWER("key") LIKE ? ESCAPE '\\' OR LOWER("addresses") LIKE ? ESCAPE '\\')`;
  const inOne = query.snapshotId === null ? '' : ' AND "snapshotId" = ?';
  const values = [part, part, `% ${text} %`, ...(query.snapshotId === null ? [] : [query.snapshotId]), limit];
  const rows = await session.$queryRawUnsafe<Row[]>(
    `SELECT e."key", e."host", e."name", e."addresses", e."data", g."first", g."last", g."count"
     FROM (SELECT "key", MIN("snapshotId") AS "first", MAX("snapshotId") AS "last", COUNT(*) AS "count"
           FROM "${table}" WHERE ${where}${inOne} GROUP BY "key" ORDER BY "key" LIMIT ?) g
     JOIN "${table}" e ON e."key" = g."key" AND e."snapshotId" = g."last" ORDER BY e."key"`,
    ...values,
  );
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
