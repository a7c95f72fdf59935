/** Lists as Relay connections: https://relay.dev/graphql/connections.htm */
import type { GraphQLResolveInfo } from 'graphql';
import type { Gap } from '../model/evidence.ts';
import type { Context } from '../operations/context.ts';
import type { Estate } from '../operations/estate.ts';
import { type ListInput, listOf } from '../operations/list.ts';
import { DEFAULT_PAGE, type Page } from '../operations/page.ts';
import type { EntityOf, ViewName } from '../operations/views/index.ts';
import { widthOf } from './width.ts';

export interface ListOf<T> extends Page<T> {
  readonly gaps?: readonly Gap[];
}

export const pageInput = (input: { readonly first?: number | null; readonly after?: string | null }) => ({
  first: input.first ?? DEFAULT_PAGE,
  after: input.after ?? null,
});

function edges<T>(list: ListOf<T>, _: unknown, { allowance }: Context, info: GraphQLResolveInfo) {
  allowance?.spend(list.items.length * widthOf(info));
  return list.items.map((node, place) => ({ node, cursor: list.cursors[place]! }));
}
function nodes<T>(list: ListOf<T>, _: unknown, { allowance }: Context, info: GraphQLResolveInfo) {
  allowance?.spend(list.items.length * widthOf(info));
  return list.items;
}
const pageInfo = <T>({ hasNextPage, hasPreviousPage, startCursor, endCursor }: ListOf<T>) => ({ hasNextPage, hasPreviousPage, startCursor, endCursor });

export const snapshotConnection = { edges, nodes, pageInfo };
export const connection = { edges, nodes, pageInfo, gaps: <T>(list: ListOf<T>) => list.gaps ?? [] };

type Arguments = Omit<ListInput, 'at'>;

/** A list inside another thing: of the same estate, and only what belongs to that thing. */
export function inside<P, V extends ViewName>(view: V, estateOf: (parent: P) => Estate, own: (parent: P) => Record<string, unknown>) {
  return (parent: P, input: Arguments): ListOf<EntityOf<V>> =>
    listOf(estateOf(parent), view, { ...pageInput(input), filter: { ...(input.filter as object), ...own(parent) } });
}
