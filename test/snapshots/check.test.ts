import { expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import type { NewSnapshot } from '../../src/snapshots/types.ts';
import { onEachDatabase, sql } from '../support/databases.ts';
import { noise } from './noise.ts';

const HOSTS = ['h1', 'h2', 'h3'];
const factsOf = (n: number): EstateFacts =>
  HOSTS.map((host) => ({
    version: 1,
    host,
    collectedAt: '2026-01-01T00:00:00.000Z',
    facts: [{ source: 'nft', netns: '1', status: 'ok', data: noise(0, 4000).facts[0]!.facts[0]!.data.replaceAll('\n', ` of ${host}\n`).concat(`\nlast ${n}`) }],
  }));
const snapshot = (n: number): NewSnapshot => {
  const entities = {
    host: [],
    network: [],
    container: [],
    endpoint: [{ key: `endpoint:${n % 2}`, host: 'h1', name: 'x', addresses: [], data: { n } }],
    natRule: [],
  };
  return { facts: factsOf(n), entities, gaps: 0, label: null, meaning: () => new Map([['rule', String(n)]]) };
};

await onEachDatabase((fresh) => {
  const full = async () => {
    const url = await fresh();
    const store = await SnapshotStore.open(url);
    for (let n = 0; n < 6; n++) await store.take(snapshot(n));
    return { url, store };
  };
  const bytes = (url: string, hex: string) => (url.startsWith('file:') ? `X'${hex}'` : `'\\x${hex}'::bytea`);

  test('an undamaged database is said to be so', async () => {
    const { store } = await full();
    const stages: string[] = [];
    expect(await store.check(({ host }) => stages.push(host))).toEqual({ snapshots: 6, hosts: 3, segments: 18, damage: [] });
    expect(stages).toEqual(HOSTS);
    await store.close();
  });

  test('all damage is named by snapshot and host, and what rests on it only once', async () => {
    const { url, store } = await full();
    await sql(url, `UPDATE "Segment" SET "data" = ${bytes(url, '00ff')} WHERE "hostId" = 1 AND "snapshotId" = 3`);
    await sql(url, `UPDATE "Segment" SET "sha256" = 'ab' WHERE "hostId" = 2 AND "snapshotId" = 6`);
    await sql(url, `UPDATE "Segment" SET "encoding" = 'cbor' WHERE "hostId" = 3 AND "snapshotId" = 1`);
    await sql(url, `UPDATE "Snapshot" SET "hostTimes" = ${bytes(url, '00')} WHERE "id" = 4`);
    await sql(url, `UPDATE "Entity" SET "toSnapshot" = 77 WHERE "key" = 'endpoint:1' AND "fromSnapshot" = 2`);
    await sql(url, `INSERT INTO "SectionHash" ("hostId", "kind", "snapshotId", "hash") VALUES (1, 'route', 99, 'x')`);
    const { damage } = await store.check();
    expect(damage.map(({ snapshotId, host }) => [snapshotId, host])).toEqual(
      expect.arrayContaining([
        [3, 'h1'],
        [6, 'h2'],
        [1, 'h3'],
        [4, null],
        [77, 'h1'],
        [99, 'h1'],
      ]),
    );
    expect(damage.filter(({ host }) => host === 'h3')).toHaveLength(1);
    for (const { snapshotId, host, what } of damage) expect(what).toMatch(new RegExp(`${snapshotId}.*${host ?? ''}`));
    await store.close();
  });

  test('does not keep snapshots from being taken, read and deleted', async () => {
    const { url, store } = await full();
    await store.close();
    await sql(url, `UPDATE "Segment" SET "data" = ${bytes(url, '00ff')} WHERE "hostId" = 1 AND "snapshotId" = 3`);
    await sql(url, `UPDATE "Snapshot" SET "hostTimes" = ${bytes(url, '00')} WHERE "id" = 6`);
    const again = await SnapshotStore.open(url);
    const next = await again.take(snapshot(7));
    expect(await again.facts(next.id)).toEqual(factsOf(7));
    const [h1, h2, h3] = await again.facts(5);
    expect(h1!.facts[0]).toMatchObject({ status: 'failed', reason: expect.stringContaining('Snapshot 3') });
    expect([h2, h3]).toEqual(factsOf(4).slice(1));
    await again.delete([3, 4, 5, 6]);
    expect(await again.facts(2)).toEqual(factsOf(1));
    expect(await again.facts(next.id)).toEqual(factsOf(7));
    expect((await again.check()).damage).toEqual([]);
    await again.close();
  });
});
