import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import type { EntityRow, NewSnapshot } from '../../src/snapshots/types.ts';
import { onEachDatabase, sql } from '../support/databases.ts';

const row = (key: string, name: string, addresses: string[] = []): EntityRow => ({ key, host: 'h1', name, addresses, data: { name } });
const facts = (text: string): EstateFacts =>
  ['h1', 'h2'].map((host) => ({
    version: 1,
    host,
    collectedAt: '2026-01-01T00:00:00.000Z',
    facts: [{ source: 'nft', netns: '1', status: 'ok', data: `${text} ${host}\n\u001b[31m"` }],
  }));
const snapshot = (label: string | null, text = 'rules'): NewSnapshot => ({
  facts: facts(text),
  entities: {
    host: [row('host:h1', 'h1', ['10.0.0.1'])],
    network: [row('network:h1/appnet', 'appnet', ['172.18.0.0/16'])],
    endpoint: [row('endpoint:h1/appnet/web', 'web_1', ['172.18.0.2', 'fd00::2'])],
    container: [],
    natRule: [],
  },
  gaps: 2,
  label,
  meaning: () => new Map(),
});

await onEachDatabase((fresh) => {
  let url: string;
  let store: SnapshotStore;
  beforeAll(async () => {
    url = await fresh();
    store = await SnapshotStore.open(url);
  });
  afterAll(() => store.close());

  describe('a snapshot', () => {
    test('keeps the facts to the letter and counts what it holds', async () => {
      const taken = await store.take(snapshot('first'));
      expect(taken).toMatchObject({ id: 1, label: 'first', hostCount: 2, networkCount: 1, endpointCount: 1, natRuleCount: 0, gapCount: 2 });
      expect(await store.facts(1)).toEqual(facts('rules'));
    });

    test('is listed newest first', async () => {
      await store.take(snapshot(null, 'other rules'));
      expect((await store.list()).map(({ id }) => id)).toEqual([2, 1]);
    });

    test('that cannot be written whole is not there at all', async () => {
      const twice = snapshot('broken');
      const broken = { ...twice, facts: facts('new'), entities: { ...twice.entities, natRule: [row('natRule:x', 'x'), row('natRule:x', 'x')] } };
      await expect(store.take(broken)).rejects.toThrow();
      expect((await store.list()).map(({ label }) => label)).toEqual([null, 'first']);
      expect(await store.search({ text: 'natRule:x', kinds: ['natRule'], snapshotId: null, limit: 10 })).toEqual([]);
    });

    test('and what is taken after it rests on nothing that was not kept', async () => {
      const next = await store.take(snapshot(null, 'rules after'));
      expect(await store.facts(next.id)).toEqual(facts('rules after'));
      const reader = await SnapshotStore.open(url);
      expect(await reader.facts(next.id)).toEqual(facts('rules after'));
      await reader.close();
      await store.delete([next.id]);
    });

    test('says which facts were read earlier; where nothing else is new, nothing is written', async () => {
      const [h1, h2] = facts('still');
      const more = [...h1!.facts, { source: 'ss', netns: '1', status: 'ok', data: '' }, { source: 'nft', netns: '2', status: 'ok', data: 'x' }] as const;
      const read = (earlier: Record<string, string>): EstateFacts => [{ ...h1!, earlier, facts: more }, h2!];
      const written = async () => Number((await sql(url, 'SELECT COUNT(*) AS "n" FROM "Segment"'))[0]!.n);
      const some = read({ 'nft 1': '2025-12-31T23:59:00.000Z', 'nft 2': '2025-12-31T23:59:00.500Z' });
      const one = await store.take({ ...snapshot(null), facts: some });
      const before = await written();
      const two = await store.take({ ...snapshot(null), facts: read({ 'nft 2': '2026-01-01T00:00:00.000Z' }) });
      expect(await written()).toBe(before);
      expect(await store.facts(one.id)).toEqual(some);
      expect(await store.facts(two.id)).toEqual(read({ 'nft 2': '2026-01-01T00:00:00.000Z' }));
      await store.delete([one.id, two.id]);
    });

    test('can be renamed and deleted, and its id is not used again', async () => {
      const third = await store.take(snapshot('third'));
      expect((await store.label(third.id, 'renamed')).label).toBe('renamed');
      await store.delete([third.id]);
      expect((await store.list()).map(({ id }) => id)).not.toContain(third.id);
      expect(await store.search({ text: 'web', kinds: ['endpoint'], snapshotId: third.id, limit: 10 })).toEqual([]);
      const next = await store.take(snapshot('third again'));
      expect(next.id).toBeGreaterThan(third.id);
      await store.delete([next.id]);
    });

    test('holds names with any character', async () => {
      const strange = snapshot(null);
      const name = 'a\u0000b\u001b[31m\u2028"; DROP TABLE "Snapshot"; --';
      const taken = await store.take({ ...strange, entities: { ...strange.entities, natRule: [row('natRule:\u0000', name)] } });
      const [hit] = await store.search({ text: 'drop table', kinds: ['natRule'], snapshotId: taken.id, limit: 10 });
      expect(hit).toMatchObject({ name: name.replace('\u0000', '\ufffd'), data: { name } });
      await store.delete([taken.id]);
    });

    test('taken by two stores at once is taken twice', async () => {
      const other = await SnapshotStore.open(url);
      const taken = await Promise.all([store, other, store, other].map((writer) => writer.take(snapshot('parallel'))));
      await other.close();
      expect(new Set(taken.map(({ id }) => id)).size).toBe(4);
      for (const { id } of taken) {
        expect(await store.facts(id)).toEqual(facts('rules'));
        await store.delete([id]);
      }
    });
  });

  describe('a reference', () => {
    test.each([
      ['its id', '1', 1],
      ['latest', 'latest', 2],
      ['previous', 'previous', 1],
      ['its label', 'first', 1],
      ['a time after it', '2999-01-01T00:00:00Z', 2],
    ])('may be %s', async (_, reference, expected) => {
      expect((await store.resolve(reference)).id).toBe(expected);
    });

    test.each([['frist'], ['99'], ['1999-01-01T00:00:00Z'], ['']])('that names nothing (%j) is an error with the nearest names', async (reference) => {
      await expect(store.resolve(reference)).rejects.toMatchObject({ code: 'UNKNOWN_SNAPSHOT', candidates: expect.arrayContaining(['first']) });
    });
  });

  describe('search', () => {
    test.each([
      ['a part of a name', 'WEB', ['endpoint:h1/appnet/web']],
      ['a whole address', '172.18.0.2', ['endpoint:h1/appnet/web']],
      ['not a part of an address', '172.18.0.20', []],
      ['a NUL as no error', '\u0000', []],
      ['an underscore as itself', 'web_', ['endpoint:h1/appnet/web']],
      ['a percent sign as itself', '%', []],
      ['a quote as itself', `'; DROP TABLE "Snapshot"; --`, []],
    ])('finds %s', async (_, text, keys) => {
      const hits = await store.search({ text, kinds: ['endpoint'], snapshotId: null, limit: 10 });
      expect(hits.map(({ id }) => id)).toEqual(keys);
    });

    test('says in which snapshots a thing was seen', async () => {
      const [hit] = await store.search({ text: 'appnet', kinds: ['network'], snapshotId: null, limit: 10 });
      expect(hit).toMatchObject({ firstSeen: 1, lastSeen: 2, snapshotCount: 2, data: { name: 'appnet' } });
    });
  });

  describe('damage', () => {
    test('of one host is said in its facts, and is no error for others', async () => {
      const damaged = await fresh();
      const other = await SnapshotStore.open(damaged);
      await other.take(snapshot('good'));
      const [{ data }] = (await sql(damaged, 'SELECT "data" FROM "Segment" WHERE "hostId" = 2')) as [{ data: ArrayBuffer }];
      const bytes = new Uint8Array(data);
      bytes[bytes.length - 4]! ^= 1;
      const hex = Buffer.from(bytes).toString('hex');
      const literal = damaged.startsWith('file:') ? `X'${hex}'` : `'\\x${hex}'::bytea`;
      await sql(damaged, `UPDATE "Segment" SET "data" = ${literal} WHERE "hostId" = 2`);
      const lost = { source: 'docker.containers', status: 'failed', reason: expect.stringMatching(/Snapshot 1 .*host h2/) };
      const [h1, h2] = await other.facts(1);
      expect(h1).toEqual(facts('rules')[0]);
      expect(h2!.facts).toContainEqual(expect.objectContaining(lost));
      await sql(damaged, 'DELETE FROM "Segment" WHERE "hostId" = 2');
      expect((await other.facts(1))[1]!.facts).toContainEqual(expect.objectContaining({ ...lost, reason: expect.stringContaining('are not there') }));
      await other.close();
    });
  });
});

test('a file that is no database is named', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-store-'));
  const file = path.join(folder, 'text.db');
  writeFileSync(file, 'this is no database\n'.repeat(100));
  await expect(SnapshotStore.open(`file:${file}`)).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining(file) });
  rmSync(folder, { recursive: true });
});
