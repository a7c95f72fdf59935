import { useEffect, useRef, useSyncExternalStore } from 'react';
import { connection, subscribe } from '../client/live.ts';
import type { Document } from '../queries/document.ts';
import { useTokenVersion } from './token.ts';

export const useConnected = (): boolean => useSyncExternalStore(connection.watch, connection.get);

/** Calls `next` for each event while the component is shown. */
export function useSubscription<Result>(query: Document<Result, Record<string, never>>, next: (event: Result) => void): void {
  const latest = useRef(next);
  latest.current = next;
  const version = useTokenVersion();
  useEffect(() => subscribe(query, (event) => latest.current(event)), [query, version]);
}
