// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LOCAL } from '../../src/model/access.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { LIMITS, type Limits } from '../../src/model/limits.ts';
import type { SendProbe } from '../../src/model/probe.ts';
import type { Schedule } from '../../src/model/schedule.ts';
import type { Context, Watch } from '../../src/operations/context.ts';
import { Estates } from '../../src/operations/estates.ts';
import { Events } from '../../src/operations/events.ts';
import { createServer, type Server } from '../../src/server.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';

export interface Service {
  readonly server: Server;
  readonly context: Context;
  readonly url: string;
  readonly folder: string;
  readonly database: string;
  /** What the next collection finds. */
  setFacts(facts: EstateFacts): void;
  graphql(query: string, variables?: Record<string, unknown>): Promise<{ data?: any; errors?: any }>;
  rest(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<{ status: number; type: string; json: any }>;
  stop(): Promise<void>;
}

/** The whole service over facts made by hand and, unless another is given, a database of its own, on a free port of loopback. */
export async function startService(first: EstateFacts, url?: string, watch?: Watch, limits?: Partial<Limits>, probe?: SendProbe | 'off'): Promise<Service> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-doors-'));
  const database = url ?? `file:${path.join(folder, 'test.db')}`;
  const opened = SnapshotStore.open(database);
  let facts = first;
  const store = () => opened;
  const schedules: Schedule[] = [
    { name: 'hourly', when: { kind: 'cron', cron: '0 * * * *', timezone: 'Europe/Berlin' }, jitterSeconds: 30, label: null },
    { name: 'often', when: { kind: 'every', seconds: 60 }, jitterSeconds: 0, label: 'often' },
  ];
  const report = () => {};
  const events = new Events(store, report, 20);
  const collect = async () => {
    for (const { host } of facts) events.progressed({ host, stage: 'all', done: 1, total: 1 });
    return facts;
  };
  const context: Context = {
    principal: LOCAL,
    estates: new Estates({ collect, store, cacheMs: 0 }),
    store,
    schedules,
    events,
    report,
    ...(watch && { watch }),
    ...(probe && { probe }),
  };
  const server = await createServer(context, { limits: { ...LIMITS, ...limits } });
  const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    context,
    url: address,
    folder,
    database,
    setFacts: (next) => {
      facts = next;
    },
    graphql: async (query, variables) => (await server.app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } })).json(),
    rest: async (method, where, body) => {
      const reply = await server.app.inject({ method, url: where, ...(body === undefined && method !== 'POST' ? {} : { payload: (body ?? {}) as object }) });
      return { status: reply.statusCode, type: String(reply.headers['content-type']), json: reply.json() };
    },
    stop: async () => {
      await server.stop();
      await (await opened).close();
      rmSync(folder, { recursive: true });
    },
  };
}
