/** What people search by: a row for as long as a thing stayed as it was. */
import { Prisma } from '../generated/sqlite/client.ts';
import { ENTITY_KINDS, type EntityKind } from '../model/snapshot.ts';
import type { Session } from './database.ts';
import type { EntityRows } from './types.ts';

interface Stored {
  readonly kind: string;
  readonly hostId: number;
  readonly key: string;
  readonly host: string;
  readonly name: string;
  readonly addresses: string;
  readonly data: string;
}

/** PostgreSQL keeps no NUL in a text. */
export const storable = (text: string) => text.replaceAll('\0', '\ufffd');

/** Between spaces, so that one address can be searched for whole. */
const packAddresses = (addresses: readonly string[]) => (addresses.length ? ` ${addresses.join(' ')} ` : '');
export const unpackAddresses = (text: string): string[] => text.split(' ').filter((address) => address !== '');

function* chunks<T>(rows: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

/** Of the given hosts: closes what is no longer there or no longer the same, and opens what is new. */
export async function updateEntities(session: Session, snapshotId: number, hosts: ReadonlyMap<string, number>, entities: EntityRows): Promise<void> {
  const wanted = ENTITY_KINDS.flatMap((kind) => entities[kind].flatMap((row): Stored[] => stored(kind, row, hosts)));
  const open = new Map<string, Stored & { id: number }>();
  for (const ids of chunks([...hosts.values()], 1000)) {
    const rows = await session.entity.findMany({ where: { hostId: { in: [...ids] }, toSnapshot: null } });
    for (const row of rows) open.set(`${row.kind} ${row.key}`, row);
  }
  const fresh: Stored[] = [];
  for (const row of wanted) {
    const key = `${row.kind} ${row.key}`;
    const now = open.get(key);
    if (now && now.name === row.name && now.addresses === row.addresses && now.data === row.data && now.hostId === row.hostId) open.delete(key);
    else fresh.push(row);
  }
  for (const gone of chunks([...open.values()], 1000))
    await session.entity.updateMany({ where: { id: { in: gone.map(({ id }) => id) } }, data: { toSnapshot: snapshotId } });
  // Values are bound; SQLite allows 32,766 in a statement.
  for (const part of chunks(fresh, 1000)) {
    const rows = part.map((r) => Prisma.sql`(${r.kind}, ${r.hostId}, ${r.key}, ${r.host}, ${r.name}, ${r.addresses}, ${r.data}, ${snapshotId})`);
    await session.$executeRaw`INSERT INTO "Entity" ("kind", "hostId", "key", "host", "name", "addresses", "data", "fromSnapshot") VALUES ${Prisma.join(rows)}`;
  }
}

function stored(kind: EntityKind, row: EntityRows[EntityKind][number], hosts: ReadonlyMap<string, number>): Stored[] {
  const hostId = hosts.get(row.host);
  if (hostId === undefined) return [];
  return [
    { kind, hostId, key: storable(row.key), host: row.host, name: storable(row.name), addresses: packAddresses(row.addresses), data: JSON.stringify(row.data) },
  ];
}

/** Id of the newest snapshot before another that has the entity, and has it so. */
export async function lastWhere(session: Session, key: string, before: number | null, so: (data: unknown) => boolean): Promise<number | null> {
  const earlier = before === null ? {} : { lt: before };
  for (let end: { lt?: number } = earlier; ; ) {
    const row = await session.entity.findFirst({ where: { kind: key.split(':')[0]!, key, fromSnapshot: end }, orderBy: { fromSnapshot: 'desc' } });
    if (!row) return null;
    end = { lt: row.fromSnapshot };
    if (!so(JSON.parse(row.data))) continue;
    const until = row.toSnapshot === null ? earlier : { lt: Math.min(row.toSnapshot, before ?? row.toSnapshot) };
    const last = await session.snapshot.findFirst({ where: { id: { gte: row.fromSnapshot, ...until } }, orderBy: { id: 'desc' }, select: { id: true } });
    return last?.id ?? null;
  }
}
