/** Disks that are full or read-only: small file systems of their own, which takes root on Linux. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onEachDatabase, sql } from '../support/databases.ts';
import { noise } from './noise.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-disk-'));
const mounted: string[] = [];

function mount(size: string): string | null {
  const place = mkdtempSync(path.join(folder, 'm-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place], { stdio: 'ignore' });
    mounted.push(place);
    return place;
  } catch {
    return null;
  }
}

const [small, still] = [mount('2m'), mount('20m')];
const remount = (place: string, option: string) => execFileSync('mount', ['-o', `remount,${option}`, place]);
const onDisk = small && still ? test : test.skip;

afterAll(() => {
  for (const place of mounted) execFileSync('umount', ['-l', place]);
  rmSync(folder, { recursive: true });
});

onDisk('a full disk loses nothing that was written and keeps nothing half; when there is space again it goes on', async () => {
  const store = await SnapshotStore.open(`file:${small}/netwhy.db`);
  let taken = 0;
  const fill = async () => {
    for (; taken < 100; taken++) await store.take(noise(taken, 8000));
  };
  await expect(fill()).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringMatching(/has no space left.*SQLITE_FULL/) });
  expect(taken).toBeGreaterThan(1);
  for (let again = 0; again < 3; again++) await expect(store.take(noise(99, 8000))).rejects.toMatchObject({ code: 'STORE_FAILED' });
  const whole = async () => {
    const ids = (await store.list()).map(({ id }) => id).reverse();
    for (const [n, id] of ids.slice(0, taken).entries()) expect(await store.facts(id)).toEqual(noise(n, 8000).facts);
    expect((await store.check()).damage).toEqual([]);
    return ids.length;
  };
  expect(await whole()).toBe(taken);
  remount(small!, 'size=20m');
  await store.take(noise(taken, 8000));
  expect(await whole()).toBe(taken + 1);
  await store.close();
});

onDisk(
  'on a read-only disk snapshots are read, and writing says why it fails',
  async () => {
    const url = `file:${still}/netwhy.db`;
    execFileSync(process.execPath, ['--import', 'tsx', 'test/snapshots/take-without-end.ts', url, 'h1', '2'], { stdio: 'ignore' });
    remount(still!, 'ro');
    const store = await SnapshotStore.open(url);
    expect(await store.facts(2)).toMatchObject([{ host: 'h1', facts: [{ data: '1' }] }]);
    expect((await store.check()).damage).toEqual([]);
    const readOnly = { code: 'STORE_FAILED', message: expect.stringContaining('read-only') };
    await expect(store.take(noise(1, 10))).rejects.toMatchObject(readOnly);
    await expect(store.label(1, 'x')).rejects.toMatchObject(readOnly);
    await expect(store.delete([1])).rejects.toMatchObject(readOnly);
    expect(await store.list()).toHaveLength(2);
    await store.close();
    await expect(SnapshotStore.open(`file:${still}/new/netwhy.db`)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  },
  60_000,
);

await onEachDatabase((fresh) => {
  test('what breaks a write is said, and the next one works', async () => {
    const url = await fresh();
    const store = await SnapshotStore.open(url);
    await store.take(noise(1, 10));
    await expect(store.label(77, 'x')).rejects.toThrow();
    if (!url.startsWith('file:')) {
      await sql(url, 'ALTER DATABASE "t1" SET default_transaction_read_only = on');
      await sql(url, 'SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
      await expect(eventually(() => store.list())).resolves.toHaveLength(1);
      await expect(store.take(noise(2, 10))).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('read-only') });
      await sql(url.replace(/t1$/, 'postgres'), 'ALTER DATABASE "t1" SET default_transaction_read_only = off');
      await sql(url, 'SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    }
    await eventually(() => store.take(noise(3, 10)));
    expect(await store.list()).toHaveLength(2);
    expect((await store.check()).damage).toEqual([]);
    await store.close();
  });
});

/** A connection that the server has closed is noticed when it is used: that may fail once, by a UserError alone. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'STORE_FAILED' });
    return work();
  }
}
