// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../support/databases.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';

let service: Service;
const json = (text: string) => JSON.parse(text);

beforeAll(async () => {
  service = await startService(smallEstate());
  process.env.DATABASE_URL = service.database;
  for (let i = 0; i < 6; i++) await service.rest('POST', '/api/v1/snapshots', {});
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

test('a snapshot is pinned and unpinned through every door, and not deleted while it is', async () => {
  expect((await service.graphql('mutation { pinSnapshot(id: "1") { id pinned } }')).data.pinSnapshot).toEqual({ id: '1', pinned: true });
  expect(await service.rest('DELETE', '/api/v1/snapshots/1')).toMatchObject({
    status: 400,
    json: { code: 'BAD_ARGUMENT', hint: expect.stringContaining('netwhy unpin 1') },
  });
  expect((await service.rest('PATCH', '/api/v1/snapshots/1', { pinned: false, label: 'x' })).json).toMatchObject({ pinned: false, label: 'x' });
  expect((await service.rest('PATCH', '/api/v1/snapshots/1', { label: null })).json).toMatchObject({ pinned: false, label: null });
  expect((await service.rest('PATCH', '/api/v1/snapshots/1', {})).status).toBe(400);
  expect(json((await runCli('pin', '2', '--json')).out)).toMatchObject({ id: 2, pinned: true });
  expect(json((await runCli('unpin', '2', '--json', '--server', service.url)).out)).toMatchObject({ id: 2, pinned: false });
  expect(await runCli('pin', '2')).toMatchObject({ code: 0, out: 'snapshot 2: kept for ever\n' });
  expect(await runCli('pin', '99')).toMatchObject({ code: 3, err: expect.stringContaining('There is no snapshot "99"') });
});

test('without a retention everything is kept', async () => {
  expect(await runCli('db', 'prune')).toMatchObject({ code: 0, out: 'The configuration has no retention: all 6 snapshots are kept.\n' });
  const { data } = await service.graphql('mutation { pruneSnapshots { dryRun deleted kept retention { keepAll } } }');
  expect(data.pruneSnapshots).toEqual({ dryRun: false, deleted: [], kept: 6, retention: null });
});

test('with one, what is too old goes, but for pinned and labelled ones and the newest', async () => {
  const config = path.join(service.folder, 'netwhy.yaml');
  writeFileSync(config, 'retention:\n  keepAll: 7d\n  hourly: 30d\n');
  await runCli('label', '3', 'the third');
  await sql(service.database, `UPDATE "Snapshot" SET "takenAt" = '2020-01-01T00:00:00.000+00:00' WHERE "id" < 6`);
  const dry = await runCli('db', 'prune', '--dry-run', '--config', config);
  expect(dry).toMatchObject({ code: 0, out: '3 snapshots would be deleted (1 to 5), 3 kept\n' });
  const pruned = json((await runCli('db', 'prune', '--json', '--config', config)).out);
  expect(pruned).toEqual({ dryRun: false, deleted: [1, 4, 5], kept: 3, retention: { keepAll: 604_800_000, hourly: 2_592_000_000, daily: null } });
  expect((await service.rest('GET', '/api/v1/snapshots')).json.items.map(({ id }: any) => id)).toEqual([6, 3, 2]);
  expect((await service.rest('POST', '/api/v1/database/prune', { dryRun: 'yes' })).status).toBe(400);
});

test('damage is reported alike at every door, with an exit code of its own', async () => {
  expect(await runCli('db', 'check')).toMatchObject({ code: 0, out: expect.stringMatching(/^3 snapshots of 2 hosts, \d+ changes: no damage\n$/) });
  await sql(service.database, `UPDATE "Segment" SET "sha256" = 'x' WHERE "hostId" = 2`);
  const own = await runCli('db', 'check', '--json');
  expect(own.code).toBe(1);
  expect(json(own.out).damage).toEqual([{ snapshotId: 2, host: expect.any(String), what: expect.stringContaining('do not match their checksum') }]);
  const remote = await runCli('db', 'check', '--json', '--server', service.url);
  expect(remote).toMatchObject({ code: 1, out: own.out });
  const { data } = await service.graphql('{ checkDatabase { snapshots hosts segments damage { snapshotId host what } } }');
  const { damage, ...counts } = json(own.out);
  expect(data.checkDatabase).toEqual({ ...counts, damage: damage.map((one: any) => ({ ...one, snapshotId: String(one.snapshotId) })) });
  expect((await runCli('db', 'check')).out).toMatch(/Snapshot 2 is damaged.*\n3 snapshots of 2 hosts, \d+ changes: 1 damaged\n/);
});
