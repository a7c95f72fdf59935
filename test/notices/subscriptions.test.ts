// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { Estates } from '../../src/operations/estates.ts';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { INTENT, listening, watchedService } from './world.ts';

/** The implementation that the server's plugin comes with: Node.js 20 has none. */
const here = createRequire(import.meta.url);
const WebSocket = createRequire(here.resolve('@fastify/websocket'))('ws');

let service: Awaited<ReturnType<typeof watchedService>>;
let client: Client;
let stopped: boolean;
const connect = () => createClient({ url: `${service.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
beforeEach(async () => {
  service = await watchedService([], [INTENT, 'db must not reach web:80']);
  client = connect();
  stopped = false;
});
afterEach(async () => {
  await client.dispose();
  if (!stopped) await service.stop();
});

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Resolves when the service listens for it. */
async function subscribe(query: string, variables: Record<string, unknown> = {}): Promise<AsyncIterableIterator<any>> {
  const before = service.context.events!.listeners;
  const values = client.iterate({ query, variables });
  await until(() => service.context.events!.listeners > before);
  return values;
}
const next = async (values: AsyncIterableIterator<any>) => (await values.next()).value?.data;

test('a snapshot is told of when it is taken', async () => {
  await service.snapshot(true);
  const values = await subscribe('subscription { snapshotTaken { id hostCount hosts { nodes { name } } } }');
  await service.snapshot(true);
  await service.snapshot(true);
  expect(await next(values)).toEqual({ snapshotTaken: { id: '2', hostCount: 1, hosts: { nodes: [{ name: 'h1' }] } } });
  expect(await next(values)).toMatchObject({ snapshotTaken: { id: '3' } });
});

test('so is one that another process takes', async () => {
  const values = await subscribe('subscription { snapshotTaken { id label } }');
  const store = await SnapshotStore.open(service.database);
  const { events: _, ...own } = service.context;
  const estates = new Estates({ collect: async () => listening(true), store: async () => store, cacheMs: 0 });
  await takeSnapshot({ ...own, estates, store: async () => store }, { label: 'elsewhere' });
  await store.close();
  expect(await next(values)).toEqual({ snapshotTaken: { id: '1', label: 'elsewhere' } });
});

test('a verdict that changes is told of, and of one intent alone when that is asked for', async () => {
  const all = await subscribe('subscription { intentChanged { intent before after text finding { cause { code } } } }');
  const other = await subscribe('subscription ($intent: String) { intentChanged(intent: $intent) { intent } }', { intent: 'db must not reach web:80' });
  const taken = await subscribe('subscription { snapshotTaken { id } }');
  for (const open of [true, true, false]) await service.snapshot(open);
  expect(await next(all)).toEqual({
    intentChanged: {
      intent: INTENT,
      before: 'HOLDS',
      after: 'BROKEN',
      text: expect.stringMatching(/^web no longer reaches db:5432 since snapshot 3 .*what changed: /),
      finding: { cause: { code: 'NO_LISTENER' } },
    },
  });
  for (const id of ['1', '2', '3']) expect(await next(taken)).toEqual({ snapshotTaken: { id } });
  await client.dispose();
  expect(await next(other)).toBeUndefined();
});

test('a snapshot in which nothing is different is no difference', async () => {
  const values = await subscribe('subscription { diffDetected { from { id } to { id } summary changes { nodes { kind action } } } }');
  for (const open of [true, true, false]) await service.snapshot(open);
  expect(await next(values)).toEqual({
    diffDetected: { from: { id: '2' }, to: { id: '3' }, summary: expect.any(String), changes: { nodes: [{ kind: 'LISTENER', action: 'REMOVED' }] } },
  });
});

test('the progress of a snapshot is told, and that of a question is not', async () => {
  const values = await subscribe('subscription { snapshotProgress { host stage done total } }');
  await service.rest('GET', '/api/v1/hosts');
  const first = next(values);
  await service.snapshot(true);
  expect(await first).toEqual({ snapshotProgress: { host: 'h1', stage: 'all', done: 1, total: 1 } });
  await service.snapshot(true);
  expect(await next(values)).toBeDefined();
});

test('nobody is listened for when nobody listens', async () => {
  const values = [await subscribe('subscription { snapshotTaken { id } }'), await subscribe('subscription { snapshotProgress { host } }')];
  for (const value of values) await value.return?.();
  await until(() => service.context.events!.listeners === 0);
  await subscribe('subscription { diffDetected { summary } }');
  await client.dispose();
  await until(() => service.context.events!.listeners === 0);
  client = connect();
});

describe('the limits and errors are those of HTTP', () => {
  const ask = (payload: SubscribePayload) =>
    new Promise<any>((resolve) => {
      const results: any[] = [];
      client.subscribe(payload, { next: (value) => results.push(value), error: (errors) => resolve({ errors }), complete: () => resolve(results[0]) });
    });

  test('a query is answered, and an unknown name has code and candidates', async () => {
    expect(await ask({ query: '{ hosts { totalCount } }' })).toEqual({ data: { hosts: { totalCount: 1 } } });
    const query = '{ reachability(from: "wbe", to: "db:5432") { verdict } }';
    const [error] = (await ask({ query })).errors;
    const [same] = (await service.graphql(query)).errors;
    const { requestId, ...extensions } = same.extensions;
    expect(error).toEqual({ ...same, extensions: { ...extensions, requestId: expect.not.stringContaining(requestId) } });
    expect(error.extensions).toMatchObject({ code: 'UNKNOWN_ENDPOINT', candidates: ['web'] });
  });

  test('a GET that is no upgrade is answered at the same address', async () => {
    const query = encodeURIComponent('{ hosts { totalCount } }');
    const reply = await fetch(`${service.url}/graphql?query=${query}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(await reply.json()).toEqual({ data: { hosts: { totalCount: 1 } } });
  });

  test('what is too deep, unknown or broken is refused, and the connection stays', async () => {
    const deep = `{ hosts { nodes { ${'containers { nodes { endpoints { nodes { container { '.repeat(5)} id ${'} } } } }'.repeat(5)} } } }`;
    expect((await ask({ query: deep })).errors[0]).toMatchObject({ extensions: { code: 'TOO_COSTLY' } });
    expect((await ask({ query: 'subscription { never }' })).errors[0].message).toContain('Cannot query field "never"');
    expect((await ask({ query: 'subscription {' })).errors[0].message).toContain('Syntax Error');
    expect(await ask({ query: '{ hosts { totalCount } }' })).toEqual({ data: { hosts: { totalCount: 1 } } });
  });

  test('more than a hundred operations at a time are refused', async () => {
    const all = Array.from({ length: 100 }, () => client.iterate({ query: 'subscription { snapshotProgress { host } }' }));
    await until(() => service.context.events!.listeners === 100);
    expect((await ask({ query: 'subscription { snapshotProgress { host } }' })).errors[0].message).toContain('More than 100');
    await Promise.all(all.map((values) => values.return?.()));
  });

  test('a page of another site cannot connect', async () => {
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin: 'http://evil.example' });
    const message = await new Promise<string>((resolve) => socket.on('error', (error: Error) => resolve(error.message)).on('open', () => resolve('open')));
    expect(message).toContain('403');
  });
});

test('the service stops with open subscriptions, and ends them', async () => {
  const values = await subscribe('subscription { snapshotTaken { id } }');
  const end = values.next().then(
    ({ done }) => done,
    (event: { code: number }) => event.code,
  );
  stopped = true;
  await service.stop();
  expect(await end).toBe(1001);
  await until(() => service.context.events!.listeners === 0);
});

test('a subscriber that does not say goodbye does not hold it up', async () => {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { autoPong: false });
  await new Promise((resolve) => socket.on('open', resolve));
  // Reads no more, so the end is never acknowledged.
  socket._socket.pause();
  stopped = true;
  await service.stop();
  expect(service.server.app.websocketServer.clients.size).toBe(0);
  socket.terminate();
});
