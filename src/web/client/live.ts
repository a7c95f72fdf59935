import { type Client, createClient } from 'graphql-ws';
import type { Document } from '../queries/document.ts';
import { endpoint } from './ask.ts';
import { token } from './token.ts';

let client: Client | undefined;
const watchers = new Set<(connected: boolean) => void>();
let connected = false;

function tell(now: boolean): void {
  connected = now;
  for (const watcher of watchers) watcher(now);
}

function socket(): Client {
  client ??= createClient({
    url: () => endpoint().href.replace(/^http/, 'ws'),
    connectionParams: () => {
      const bearer = token.get();
      return bearer ? { authorization: `Bearer ${bearer}` } : {};
    },
    // A service that restarts is found again.
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    keepAlive: 20_000,
    on: { connected: () => tell(true), closed: () => tell(false) },
  });
  return client;
}

/** Whether events come in; hears of each change until the function that it gives is called. */
export const connection = {
  get: (): boolean => connected,
  watch: (watcher: (connected: boolean) => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};

/** Calls `next` for each event until the function that it gives is called. */
export function subscribe<Result>(query: Document<Result, Record<string, never>>, next: (event: Result) => void): () => void {
  return socket().subscribe<Result>({ query }, { next: ({ data }) => data && next(data), error: () => tell(false), complete: () => {} });
}
