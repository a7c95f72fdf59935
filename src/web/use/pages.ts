import { useEffect, useRef, useState } from 'react';
import { ask } from '../client/ask.ts';
import { asProblem, type Problem } from '../client/problem.ts';
import type { Document } from '../queries/document.ts';
import { type Asked, useQuery } from './query.ts';

interface Connection<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface Pages<Result, T> {
  /** The first page. */
  readonly asked: Asked<Result>;
  /** Of all pages that were asked for. */
  readonly nodes: readonly T[];
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Asks for the next page. */
  readonly more: () => void;
  readonly busy: boolean;
  readonly problem: Problem | null;
}

interface Rest<T> {
  readonly of: unknown;
  readonly nodes: readonly T[];
  readonly last: Connection<T> | null;
  readonly busy: boolean;
  readonly problem: Problem | null;
}

/** A list that is asked for page by page, anew when the variables change or the first page is asked again. */
export function usePages<Result, Variables extends { readonly after?: string | null }, T>(
  query: Document<Result, Variables>,
  variables: Variables | null,
  connectionOf: (result: Result) => Connection<T>,
): Pages<Result, T> {
  const asked = useQuery(query, variables);
  const none: Rest<T> = { of: asked.data, nodes: [], last: null, busy: false, problem: null };
  const [state, setRest] = useState<Rest<T>>(none);
  const rest = state.of === asked.data ? state : none;
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), [asked.data]);

  const first = asked.data === undefined ? null : connectionOf(asked.data);
  const last = rest.last ?? first;
  const more = () => {
    if (!last?.pageInfo.hasNextPage || rest.busy || variables === null) return;
    abort.current = new AbortController();
    const { signal } = abort.current;
    setRest({ ...rest, busy: true, problem: null });
    ask(query, { ...variables, after: last.pageInfo.endCursor }, signal).then(
      (data) => {
        const next = connectionOf(data);
        if (!signal.aborted) setRest({ ...rest, nodes: [...rest.nodes, ...next.nodes], last: next, busy: false, problem: null });
      },
      (error) => {
        if (!signal.aborted) setRest({ ...rest, busy: false, problem: asProblem(error) });
      },
    );
  };
  return {
    asked,
    nodes: [...(first?.nodes ?? []), ...rest.nodes],
    totalCount: last?.totalCount ?? 0,
    hasMore: last?.pageInfo.hasNextPage ?? false,
    more,
    busy: rest.busy,
    problem: rest.problem,
  };
}
