import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../client/ask.ts';
import { asProblem, type Problem } from '../client/problem.ts';
import type { Document } from '../queries/document.ts';
import { useTokenVersion } from './token.ts';

/** `data` while loading or failed: the answer before, to the same question. */
export type Asked<Result> =
  | { readonly state: 'loading'; readonly data: Result | undefined; readonly again: () => void }
  | { readonly state: 'failed'; readonly data: Result | undefined; readonly again: () => void; readonly problem: Problem }
  | { readonly state: 'ready'; readonly data: Result; readonly again: () => void };

type Outcome<Result> = { readonly key: string | null; readonly data?: Result; readonly problem?: Problem; readonly busy: boolean };

/** Asks when first shown and whenever the variables change; `again` asks once more. Null variables: nothing is asked. */
export function useQuery<Result, Variables>(query: Document<Result, Variables>, variables: Variables | null): Asked<Result> {
  const key = variables === null ? null : JSON.stringify([query, variables]);
  const [outcome, setOutcome] = useState<Outcome<Result>>({ key: null, busy: true });
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((r) => r + 1), []);
  const version = useTokenVersion();
  const asking = useRef({ query, variables });
  asking.current = { query, variables };

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    const settle = (next: Partial<Outcome<Result>>) => {
      if (!abort.signal.aborted) setOutcome(({ key: before, data }) => ({ key, ...(before === key && data !== undefined && { data }), busy: false, ...next }));
    };
    settle({ busy: true });
    ask(asking.current.query, asking.current.variables as Variables, abort.signal).then(
      (data) => settle({ data }),
      (error) => settle({ problem: asProblem(error) }),
    );
    return () => abort.abort();
  }, [key, round, version]);

  if (outcome.key !== key || key === null) return { state: 'loading', data: undefined, again };
  if (outcome.problem) return { state: 'failed', data: outcome.data, problem: outcome.problem, again };
  return outcome.busy || outcome.data === undefined ? { state: 'loading', data: outcome.data, again } : { state: 'ready', data: outcome.data, again };
}
