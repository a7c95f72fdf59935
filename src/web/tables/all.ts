import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../client/ask.ts';
import { asProblem, type Problem } from '../client/problem.ts';
import { useTokenVersion } from '../use/token.ts';
import type { AnyRow, AnyTable, Gap, PageVariables, Rows } from './table.ts';

const PAGE = 1000;
/** Rows that are asked for at most. */
const MOST = 50_000;
/** So often a list is begun anew of which entries went away between two pages. */
const TRIES = 3;

export interface All {
  readonly rows: readonly AnyRow[];
  readonly totalCount: number;
  readonly gaps: readonly Gap[];
  readonly state: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  readonly again: () => void;
}

type Loaded = Omit<All, 'again'> & { readonly key: string | null };
const NOTHING: Loaded = { key: null, rows: [], totalCount: 0, gaps: [], state: 'loading', problem: null };

/** All rows of a table, a thousand at a time; what has come is there while the rest is loaded. */
export function useAll(table: AnyTable, variables: Pick<PageVariables, 'at' | 'filter'>): All {
  const key = JSON.stringify([table.name, variables]);
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((r) => r + 1), []);
  const version = useTokenVersion();
  const asking = useRef({ table, variables });
  asking.current = { table, variables };

  useEffect(() => {
    const abort = new AbortController();
    const tell = (next: Partial<Loaded>) => {
      if (!abort.signal.aborted) setLoaded((before) => ({ ...(before.key === key ? before : NOTHING), key, ...next }));
    };
    load(asking.current.table, asking.current.variables, abort.signal, tell).catch((error: unknown) => tell({ state: 'failed', problem: asProblem(error) }));
    return () => abort.abort();
  }, [key, round, version]);

  return { ...(loaded.key === key ? loaded : NOTHING), again };
}

async function load(
  table: AnyTable,
  variables: Pick<PageVariables, 'at' | 'filter'>,
  signal: AbortSignal,
  tell: (next: Partial<Loaded>) => void,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      let rows: readonly AnyRow[] = [];
      let after: string | null = null;
      do {
        const page: Rows<AnyRow>['rows'] = (await ask(table.query, { ...variables, first: PAGE, after }, signal)).rows;
        rows = [...rows, ...page.nodes];
        after = page.pageInfo.hasNextPage && rows.length < MOST ? page.pageInfo.endCursor : null;
        tell({ rows, totalCount: page.totalCount, gaps: page.gaps, problem: null, state: after === null ? 'ready' : 'loading' });
      } while (after !== null);
      return;
    } catch (error) {
      if (tries === TRIES || asProblem(error).code !== 'BAD_CURSOR') throw error;
    }
  }
}
