import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Notice, NoticeTarget } from '../../src/model/notice.ts';
import { Deliverer, deliverNotices, type Post } from '../../src/operations/deliver.ts';
import { listNotices, retryNotice } from '../../src/operations/notices.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onEachDatabase } from '../support/databases.ts';
import { INTENT, watchedService } from './world.ts';

const target = (name: string): NoticeTarget => ({ name, url: 'http://127.0.0.1:1/', format: 'json', secret: null });

await onEachDatabase((fresh) => {
  let service: Awaited<ReturnType<typeof watchedService>>;
  let now: number;
  let told: string[];
  /** Targets that do not take it. */
  let failing: Set<string>;

  /** A clock that is turned by hand, and targets that answer at once. */
  const post: Post = {
    now: () => now,
    send: async ({ name }, notice) => {
      told.push(`${name} ${notice.before}→${notice.after}`);
      return failing.has(name) ? 'it answered 500' : null;
    },
  };
  const round = () => deliverNotices(service.context, post);
  const deliveries = async () => (await listNotices(service.context, {})).items.flatMap((notice: Notice) => notice.deliveries);

  beforeEach(async () => {
    service = await watchedService([target('good'), target('bad')], [INTENT], await fresh());
    told = [];
    failing = new Set(['bad']);
    await service.snapshot(true);
    await service.snapshot(false);
    now = Date.now() + 1000;
  });
  afterEach(() => service.stop());

  test('is told once to who takes it, and again after a while to who does not', async () => {
    await round();
    await round();
    expect(told.sort()).toEqual(['bad HOLDS→BROKEN', 'good HOLDS→BROKEN']);
    expect(await deliveries()).toMatchObject([
      { target: 'bad', state: 'PENDING', attempts: 1, lastError: 'it answered 500', nextAttempt: new Date(now + 10_000).toISOString() },
      { target: 'good', state: 'DELIVERED', attempts: 1, lastError: null },
    ]);
    now += 9_999;
    await round();
    expect(told).toHaveLength(2);
    now += 1;
    failing.clear();
    await round();
    expect(told.slice(2)).toEqual(['bad HOLDS→BROKEN']);
    expect(await deliveries()).toMatchObject([
      { target: 'bad', state: 'DELIVERED', attempts: 2, lastError: null },
      { target: 'good', state: 'DELIVERED' },
    ]);
  });

  test('a target that fails is left alone for the rest of the round, and its notices come in their order', async () => {
    await service.snapshot(true);
    now = Date.now() + 1000;
    await round();
    expect(told.filter((text) => text.startsWith('bad'))).toEqual(['bad HOLDS→BROKEN']);
    expect(told.filter((text) => text.startsWith('good'))).toEqual(['good HOLDS→BROKEN', 'good BROKEN→HOLDS']);
  });

  test('after enough attempts it is dead, listed, and tried again when asked for', async () => {
    for (let attempt = 0; attempt < 12; attempt++) {
      await round();
      now += 3_600_000;
    }
    expect(told.filter((text) => text.startsWith('bad'))).toHaveLength(8);
    const { items } = await listNotices(service.context, { dead: true });
    expect(items).toMatchObject([{ deliveries: [{ target: 'bad', state: 'DEAD', attempts: 8 }, { state: 'DELIVERED' }] }]);

    failing.clear();
    now = Date.now() + 1000;
    await retryNotice(service.context, { id: String(items[0]!.id) });
    await round();
    expect(told.slice(-1)).toEqual(['bad HOLDS→BROKEN']);
    expect((await listNotices(service.context, { dead: true })).items).toEqual([]);
    await expect(retryNotice(service.context, { id: String(items[0]!.id) })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(retryNotice(service.context, { id: '999' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(retryNotice(service.context, { id: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('two that deliver at the same time tell it once', async () => {
    await Promise.all([round(), round(), round()]);
    expect(told.sort()).toEqual(['bad HOLDS→BROKEN', 'good HOLDS→BROKEN']);
  });

  test('who dies while it tells is relieved after a minute, not before', async () => {
    const dying: Post = { ...post, send: () => Promise.reject(new Error('killed')) };
    await expect(deliverNotices(service.context, dying)).rejects.toThrow('killed');
    failing.clear();
    await round();
    expect(told).toEqual([]);
    now += 60_000;
    await round();
    expect(told.sort()).toEqual(['bad HOLDS→BROKEN', 'good HOLDS→BROKEN']);
  });

  test('one that never answers holds up no other', async () => {
    let release = () => {};
    const silent = new Promise<string>((resolve) => {
      release = () => resolve('no answer');
    });
    const slow: Post = { now: post.now, send: (to, notice, at) => (to.name === 'bad' ? silent : post.send(to, notice, at)) };
    const running = deliverNotices(service.context, slow);
    while (!told.includes('good HOLDS→BROKEN')) await new Promise((resolve) => setImmediate(resolve));
    release();
    await running;
    expect(await deliveries()).toMatchObject([{ target: 'bad', state: 'PENDING', lastError: 'no answer' }, { state: 'DELIVERED' }]);
  });

  test('two processes that deliver at the same time tell it once', async () => {
    const stores = [await SnapshotStore.open(service.database), await SnapshotStore.open(service.database)];
    await Promise.all(stores.map((store) => deliverNotices({ ...service.context, store: async () => store }, post)));
    for (const store of stores) await store.close();
    expect(told.sort()).toEqual(['bad HOLDS→BROKEN', 'good HOLDS→BROKEN']);
  });

  test('a service delivers by itself, to who answers while another does not, and stops when what is on its way has ended', async () => {
    const heard: string[] = [];
    let release = () => {};
    const server = createServer((request, response) => {
      heard.push(request.url ?? '');
      if (request.url === '/never') release = () => response.writeHead(500).end();
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const targets = [
      { ...target('bad'), url: `${base}/never` },
      { ...target('good'), url: `${base}/hook` },
    ];
    await service.snapshot(true);
    const deliverer = new Deliverer({ ...service.context, watch: { intents: [], targets } }, 10);
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard.sort()).toEqual(['/hook', '/hook', '/never']);
    const stopped = deliverer.stop();
    release();
    await stopped;
    expect((await deliveries()).map(({ target: name, state, lastError }) => [name, state, lastError])).toEqual([
      ['bad', 'PENDING', null],
      ['good', 'DELIVERED', null],
      ['bad', 'PENDING', 'it answered 500'],
      ['good', 'DELIVERED', null],
    ]);
    server.closeAllConnections();
    server.close();
  });
});
