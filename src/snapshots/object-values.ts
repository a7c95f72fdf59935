/** The values that things had, from one snapshot until another. */
import type { EntityKind } from '../model/snapshot.ts';
import type { Session } from './database.ts';

export interface StoredValue {
  readonly kind: EntityKind;
  readonly key: string;
  readonly host: string;
  readonly name: string;
  readonly data: unknown;
  readonly fromSnapshot: number;
  /** Exclusive; null: until now. */
  readonly toSnapshot: number | null;
}

export interface ValueQuery {
  /** An id or a whole name. */
  readonly text: string;
  readonly kinds: readonly EntityKind[];
  readonly host: string | null;
  /** Of values. */
  readonly limit: number;
}

/** Ordered by kind, id and time; of too many values the newest. */
export async function objectValues(session: Session, { text, kinds, host, limit }: ValueQuery): Promise<readonly StoredValue[]> {
  const where = { kind: { in: [...kinds] }, OR: [{ key: text }, { name: text }], ...(host === null ? {} : { host }) };
  const rows = await session.entity.findMany({ where, orderBy: { fromSnapshot: 'desc' }, take: limit });
  const order = new Map(kinds.map((kind, i) => [kind as string, i]));
  return rows
    .map((row) => ({ ...row, kind: row.kind as EntityKind, data: JSON.parse(row.data) as unknown }))
    .sort((a, b) => order.get(a.kind)! - order.get(b.kind)! || (a.key === b.key ? a.fromSnapshot - b.fromSnapshot : a.key < b.key ? -1 : 1));
}

/** Names of things of these kinds, each once, for a hint. */
export async function objectNames(session: Session, kinds: readonly EntityKind[], limit: number): Promise<readonly string[]> {
  const rows = await session.entity.findMany({ where: { kind: { in: [...kinds] } }, distinct: ['name'], select: { name: true }, take: limit });
  return rows.map(({ name }) => name);
}
