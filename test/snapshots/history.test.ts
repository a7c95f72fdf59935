/** Many snapshots of hosts that change, come and go: each is what it was, whichever others are deleted, in whichever order. */
import { expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { ENTITY_KINDS } from '../../src/model/snapshot.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import type { EntityRow, NewSnapshot } from '../../src/snapshots/types.ts';
import { onEachDatabase } from '../support/databases.ts';

/** Numbers that are the same in every run (Park and Miller's generator). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const meaningOf = (facts: EstateFacts) => (host: string) => new Map([['filterRule', String(facts.find((h) => h.host === host)?.facts[0]?.data)]]);

/** Snapshots in which a host is not as in the one before, or came or went. */
function changed(ids: ReadonlyMap<number, NewSnapshot>): number[] {
  let before: string | null = null;
  return [...ids].flatMap(([id, { facts }]) => {
    const now = JSON.stringify(facts.map(({ host, facts: [rules] }) => [host, rules?.data]));
    const same = now === before;
    before = now;
    return same ? [] : [id];
  });
}

function snapshots(count: number): NewSnapshot[] {
  const random = generator(7);
  const hosts = new Map<string, { lines: string[]; version: number }>();
  return Array.from({ length: count }, (_, n) => {
    for (let h = 1; h <= 4; h++) {
      const name = `h${h}`;
      const state = hosts.get(name);
      if (!state) {
        if (n === 0 || random(4) === 0) hosts.set(name, { lines: Array.from({ length: 50 }, (_, i) => `rule ${i} of ${name}\n`), version: 0 });
      } else if (random(10) === 0) hosts.delete(name);
      else if (random(3) === 0) {
        state.lines = state.lines.with(random(50), `changed in ${n}\n`);
        state.version = n;
      }
    }
    const facts: EstateFacts = [...hosts].sort().map(([host, { lines }]) => ({
      version: 1,
      host,
      collectedAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
      facts: [
        { source: 'nft', netns: '1', status: 'ok', data: lines.join('') },
        { source: 'hosts', netns: '1', status: 'absent', reason: 'not there', data: '' },
      ],
    }));
    const rows = [...hosts].map(([host, { version }]): EntityRow => ({ key: `host:${host}`, host, name: host, addresses: [], data: { version } }));
    return { facts, entities: { host: rows, network: [], container: [], endpoint: [], natRule: [] }, gaps: 0, label: null, meaning: meaningOf(facts) };
  });
}

const taken = snapshots(150);
const all = new Map(taken.map((snapshot, i) => [i, snapshot]));

async function expectAll(store: SnapshotStore, ids: ReadonlyMap<number, NewSnapshot>): Promise<void> {
  expect((await store.list()).map(({ id }) => id).reverse()).toEqual([...ids.keys()]);
  for (const [id, { facts, entities }] of ids) {
    expect(await store.facts(id)).toEqual(facts);
    const hits = await store.search({ text: 'h', kinds: ENTITY_KINDS, snapshotId: id, limit: 50 });
    const wanted = entities.host.map(({ key, data }) => ({ id: key, data })).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(hits.map((hit) => ({ id: hit.id, data: hit.data }))).toEqual(wanted);
  }
  const points = await store.changePoints(new Set(['h1', 'h2', 'h3', 'h4']), [...ids.keys()].at(-1) ?? 0);
  expect(points).toEqual(points.filter((id) => ids.has(id)).sort((a, b) => a - b));
  expect(points).toEqual(expect.arrayContaining(changed(ids)));
  // what was deleted in between may have turned back
  expect(points.length).toBeLessThanOrEqual(changed(taken.length === ids.size ? ids : all).length);
}

await onEachDatabase((fresh) => {
  test('a hundred and fifty snapshots, half of them deleted', async () => {
    const url = await fresh();
    let store = await SnapshotStore.open(url);
    const ids = new Map<number, NewSnapshot>();
    for (const [n, snapshot] of taken.entries()) {
      // A process that starts anew knows nothing of what it wrote before.
      if (n % 40 === 39) {
        await store.close();
        store = await SnapshotStore.open(url);
      }
      ids.set((await store.take(snapshot)).id, snapshot);
    }
    await expectAll(store, ids);
    const [first, second] = [...ids].slice(20, 22) as [[number, NewSnapshot], [number, NewSnapshot]];
    const text = (snapshot: NewSnapshot, host: string) => JSON.stringify(snapshot.facts.find((f) => f.host === host)?.facts);
    const hosts = ['h1', 'h2', 'h3', 'h4'];
    expect([...(await store.changedHosts(first[0], second[0]))].sort()).toEqual(hosts.filter((host) => text(first[1], host) !== text(second[1], host)));
    const random = generator(11);
    for (const id of [...ids.keys()].filter(() => random(2) === 0)) {
      await store.delete([id]);
      ids.delete(id);
    }
    await expectAll(store, ids);
    const many = [...ids.keys()].filter(() => random(3) !== 0);
    await store.delete(many);
    for (const id of many) ids.delete(id);
    await expectAll(store, ids);
    expect(await store.check()).toMatchObject({ snapshots: ids.size, damage: [] });
    const [, again] = [...ids].at(-1)!;
    ids.set((await store.take(again)).id, again);
    ids.set((await store.take(taken[3]!)).id, taken[3]!);
    await expectAll(store, ids);
    await store.close();
  }, 120_000);
});
