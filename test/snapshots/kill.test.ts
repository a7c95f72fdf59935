import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';

const ROWS = 8000;

/** Kills the process that writes, `delay` ms into its second snapshot; resolves with how many had ended. */
async function killWhileWriting(url: string, delay: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/snapshots/take-without-end.ts', url], { stdio: ['ignore', 'pipe', 'inherit'] });
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

test('kill -9 while a snapshot is written leaves those before whole and no half one', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-kill-'));
  const url = `file:${path.join(folder, 'kill.db')}`;
  try {
    let expected = 0;
    for (const delay of [5, 120]) {
      expected += await killWhileWriting(url, delay);
      const store = await SnapshotStore.open(url);
      const all = await store.list();
      // The one that was being written may have ended just before the signal, without having said so.
      expect([expected, expected + 1]).toContain(all.length);
      expected = all.length;
      for (const { id } of all) {
        expect(await store.facts(id)).toHaveLength(1);
        expect(await store.search({ text: 'natRule:', kinds: ['natRule'], snapshotId: id, limit: 10_000 })).toHaveLength(ROWS);
      }
      const orphans = await store.search({ text: 'natRule:', kinds: ['natRule'], snapshotId: Math.max(...all.map(({ id }) => id)) + 1, limit: 1 });
      expect(orphans).toEqual([]);
      await store.close();
    }
    expect(expected).toBeGreaterThanOrEqual(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
