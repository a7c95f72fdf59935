import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onEachDatabase } from '../support/databases.ts';

const ROWS = 8000;

const writer = (...args: readonly string[]) =>
  spawn(process.execPath, ['--import', 'tsx', 'test/snapshots/take-without-end.ts', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Kills the process that writes, `delay` ms into its second snapshot; resolves with how many had ended. */
async function killWhileWriting(url: string, delay: number): Promise<number> {
  const child = writer(url, 'h1', '1000');
  let ended = 0;
  let printed = '';
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    ended = printed.split('end ').length - 1;
    if (printed.includes('begin 1') && !child.killed) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  await gone;
  return ended;
}

/** Ids of all snapshots, oldest first, each of which has all of its rows. */
async function wholeOnes(store: SnapshotStore): Promise<number[]> {
  const ids = (await store.list()).map(({ id }) => id).reverse();
  for (const id of ids) {
    const [{ host }] = (await store.facts(id)) as unknown as [{ host: string }];
    expect(await store.search({ text: `natRule:${host}/`, kinds: ['natRule'], snapshotId: id, limit: 10_000 })).toHaveLength(ROWS);
  }
  return ids;
}

await onEachDatabase((fresh) => {
  test('kill -9 while a snapshot is written leaves those before whole and no half one', async () => {
    const url = await fresh();
    let expected = 0;
    for (const delay of [5, 40, 120]) {
      expected += await killWhileWriting(url, delay);
      const store = await SnapshotStore.open(url);
      const ids = await wholeOnes(store);
      // The one that was being written may have ended just before the signal, without having said so.
      expect([expected, expected + 1]).toContain(ids.length);
      expected = ids.length;
      const orphans = await store.search({ text: 'natRule:', kinds: ['natRule'], snapshotId: ids.at(-1)! + 1, limit: 1 });
      expect(orphans).toEqual([]);
      await store.close();
    }
    expect(expected).toBeGreaterThanOrEqual(3);
  }, 120_000);

  test('two processes that write at once write one after the other', async () => {
    const url = await fresh();
    await (await SnapshotStore.open(url)).close();
    const codes = ['h1', 'h2'].map((host) => new Promise((resolve) => writer(url, host, '5').once('close', resolve)));
    expect(await Promise.all(codes)).toEqual([0, 0]);
    const store = await SnapshotStore.open(url);
    expect(await wholeOnes(store)).toHaveLength(10);
    const hosts = await Promise.all((await store.list()).map(async ({ id }) => (await store.facts(id))[0]!.host));
    expect([...hosts].sort()).toEqual(['h1', 'h1', 'h1', 'h1', 'h1', 'h2', 'h2', 'h2', 'h2', 'h2']);
    await store.close();
  }, 120_000);
});
