/** Asks a running service over its REST API. */
import { ERROR_CODES, type ErrorCode, UserError } from '../model/errors.ts';
import type { IntentPeriod } from '../model/intent.ts';
import type { Notice } from '../model/notice.ts';
import type { Moment, SnapshotInfo } from '../model/snapshot.ts';
import { MAX_PAGE, type Page } from '../operations/page.ts';
import type { ViewName } from '../operations/views/index.ts';
import type { Client, Listing } from './client.ts';

const PREFIX = '/api/v1';
const pathOf = (view: ViewName) => `/${view.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `token`: null for a service that asks for none. */
export function remoteClient(server: string, token: string | null): Client {
  const call = caller(server, token);
  const all = pager(call);
  const snapshot = (id: string) => `/snapshots/${encodeURIComponent(id)}`;
  return {
    list: <V extends ViewName>(view: V, filter: Readonly<Record<string, unknown>>, at: string | null) => all<Listing<V>>(pathOf(view), { ...filter, at }),
    ask: (question, at, { since, probe }) =>
      call('POST', '/reachability', { query: { at, since: since ? 'true' : null, probe: probe ? 'true' : null }, body: question }),
    askAll: async (questions, at) => (await call<{ answers: [] }>('POST', '/reachability', { query: { at }, body: { questions } })).answers,
    check: (intents, at) => call('POST', '/check', { query: { at }, body: { intents } }),
    intents: (at) => call('GET', '/intents', { query: { at } }),
    intentHistory: async (intent) => (await all<Pages<IntentPeriod>>('/intents/history', { intent })).items,
    notices: async (dead) => (await all<Pages<Notice>>('/notices', { dead })).items,
    retryNotice: (id) => call('POST', `/notices/${encodeURIComponent(id)}/retry`, { body: {} }),
    takeSnapshot: (label) => call('POST', '/snapshots', { body: { label } }),
    labelSnapshot: (id, label) => call('PATCH', snapshot(id), { body: { label } }),
    deleteSnapshot: (id) => call('DELETE', snapshot(id), {}),
    pinSnapshot: (id, pinned) => call('PATCH', snapshot(id), { body: { pinned } }),
    pruneSnapshots: (dryRun) => call('POST', '/database/prune', { body: { dryRun } }),
    checkDatabase: () => call('GET', '/database/check', {}),
    doctor: () => call('GET', '/doctor', {}),
    snapshots: async () => (await all<Pages<SnapshotInfo>>('/snapshots', {})).items,
    timeline: async (query) => (await all<Pages<Moment>>('/timeline', query)).items,
    diff: ({ kinds, ...input }) => call('GET', '/diff', { query: { ...input, kinds: kinds?.join(',') } }),
    history: (name, kind, host) => call('GET', '/history', { query: { name, kind, host } }),
    flowDiff: (from, to, filter) => all('/diff/flows', { from, to, ...filter }),
    matrix: (filter, at) => all('/matrix', { ...filter, at }),
    search: (text, kind, at) => call('GET', '/search', { query: { text, kind, at } }),
    tokens: () => call('GET', '/tokens', {}),
    createToken: (input) => call('POST', '/tokens', { body: input }),
    revokeToken: (id) => call('DELETE', `/tokens/${encodeURIComponent(id)}`, {}),
    schedules: () => call('GET', '/schedules', {}),
    facts: (at) => call('GET', '/facts', { query: { at } }),
    close: async () => {},
  };
}

interface Request {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

type Call = <T>(method: string, path: string, request: Request) => Promise<T>;
type Pages<T> = Pick<Page<T>, 'items' | 'totalCount' | 'startCursor' | 'endCursor' | 'hasPreviousPage' | 'hasNextPage'>;

/** So often a list is begun anew of which entries went away between two pages. */
const TRIES = 3;

/** All pages of a list as if they were one. */
function pager(call: Call) {
  const walk = async <T extends Pages<unknown>>(path: string, query: Readonly<Record<string, unknown>>): Promise<T> => {
    const ask = (after: string | null) => call<T>('GET', path, { query: { ...query, first: MAX_PAGE, after } });
    const first = await ask(null);
    const items = [...first.items];
    let last = first;
    while (last.hasNextPage) {
      last = await ask(last.endCursor);
      items.push(...last.items);
    }
    return { ...first, items, hasNextPage: false, endCursor: last.endCursor };
  };
  return async <T extends Pages<unknown>>(path: string, query: Readonly<Record<string, unknown>>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await walk<T>(path, query);
      } catch (error) {
        if (tries === TRIES || !(error instanceof UserError) || error.code !== 'BAD_CURSOR') throw error;
      }
    }
  };
}

function caller(server: string, token: string | null): Call {
  const base = parseServer(server);
  return async <T>(method: string, path: string, { query, body }: Request): Promise<T> => {
    const url = new URL(base.pathname.replace(/\/$/, '') + PREFIX + path, base);
    for (const [key, value] of Object.entries(query ?? {})) if (value !== null && value !== undefined) url.searchParams.set(key, String(value));
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token !== null && { authorization: `Bearer ${token}` }) };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(url, init).catch((error: Error) => {
      const cause = error.cause as NodeJS.ErrnoException | undefined;
      throw unreachable(server, cause?.code ?? cause?.message ?? error.message);
    });
    const text = await response.text();
    const json = parse(text);
    if (response.ok && json !== undefined) return json as T;
    throw problemError(server, response.status, json);
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserError('BAD_ARGUMENT', `--server ${JSON.stringify(text)} is not a URL.`, 'For example http://127.0.0.1:4000.');
}

const unreachable = (server: string, reason: string) =>
  new UserError('SERVER_UNREACHABLE', `netwhy does not answer at ${server}: ${reason}.`, 'Start it with `netwhy serve`, or leave --server out.');

function problemError(server: string, status: number, json: unknown): UserError {
  const { code, detail, hint, candidates } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  if (typeof detail !== 'string') return unreachable(server, `status ${status} and no answer of netwhy`);
  const known = ERROR_CODES.find((name) => name === code) ?? 'SERVER_UNREACHABLE';
  const names = Array.isArray(candidates) ? candidates.map(String) : [];
  return new UserError(known satisfies ErrorCode, detail, typeof hint === 'string' ? hint : '', names);
}
