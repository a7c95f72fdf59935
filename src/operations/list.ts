import type { Gap } from '../model/evidence.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import type { Estate } from './estate.ts';
import { type LastKnown, lastKnown } from './last-known.ts';
import { type Page, paginate } from './page.ts';
import { parseInput } from './parse-input.ts';
import { type EntityOf, type ViewName, views } from './views/index.ts';
import type { Entity, View } from './views/view.ts';

export interface ListInput {
  /** As the view's filter schema says. */
  readonly filter?: unknown;
  readonly at?: string | null;
  /** Page size; all when it is not given. */
  readonly first?: number | null;
  /** Cursor of the last entry of the page before. */
  readonly after?: string | null;
}

export interface List<E> extends Page<E> {
  /** Null: live. */
  readonly snapshot: SnapshotInfo | null;
  /** What could not be read and may hide entries. */
  readonly gaps: readonly Gap[];
}

export interface FoundList<E> extends List<E> {
  /** Hosts of which nothing could be read, and where their last known state is. */
  readonly lastKnown: readonly LastKnown[];
}

/** Throws UserError BAD_ARGUMENT, BAD_CURSOR or UNKNOWN_SNAPSHOT. */
export async function list<V extends ViewName>(context: Context, view: V, input: ListInput): Promise<FoundList<EntityOf<V>>> {
  const estate = await context.estates.at(input.at);
  const found = listOf(estate, view, input);
  const { host } = (input.filter ?? {}) as { readonly host?: string | null };
  return { ...found, lastKnown: await lastKnown(context, estate, host ?? undefined) };
}

export function listOf<V extends ViewName>(estate: Estate, name: V, input: Omit<ListInput, 'at'>): List<EntityOf<V>> {
  const view = views[name] as unknown as View<EntityOf<V> & Entity, Record<string, unknown>>;
  const given = Object.fromEntries(Object.entries(input.filter ?? {}).filter(([, value]) => value !== null && value !== undefined));
  const filter = parseInput(view.filter, given, 'BAD_ARGUMENT', 'filter');
  const found = estate.list(name).filter((entity) => view.matches(entity, filter));
  const gaps = estate.gaps(name, typeof filter.host === 'string' ? filter.host : undefined);
  return { snapshot: estate.snapshot, ...paginate(found, (entity) => entity.id, input), gaps };
}
