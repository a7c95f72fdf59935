/** Several processes over one PostgreSQL database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onPostgresql, sql } from '../support/databases.ts';

interface Replica {
  readonly process: ChildProcess;
  readonly lines: string[];
  /** Resolves with the first line that matches. */
  line(wanted: RegExp): Promise<string>;
  ended(): Promise<void>;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function replica(database: string, name: string, ...more: string[]): Replica {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/schedule/replica.ts', database, name, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const listener of listeners) listener();
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    process: child,
    lines,
    line: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find((line) => wanted.test(line));
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    ended: () => closed,
  };
}

const due = (line: string) => line.split(' ').at(-1);

await onPostgresql((fresh) => {
  test('each time is taken once, by whichever process', async () => {
    const database = await fresh();
    const both = [replica(database, 'a'), replica(database, 'b')];
    const store = await SnapshotStore.open(database);
    try {
      await Promise.all(both.map(({ line }) => line(/ collects/)));
      for (const { process } of both) process.kill('SIGTERM');
      await Promise.all(both.map(({ ended }) => ended()));
      expect(both.map(({ lines }) => lines.at(-1))).toEqual(['a stopped', 'b stopped']);
      const taken = (await store.runs('often', 1000)).filter(({ state }) => state === 'TAKEN');
      const told = both.flatMap(({ lines }) => lines.filter((line) => line.includes('TAKEN')).map(due));
      expect(taken.map(({ dueAt }) => dueAt).sort()).toEqual(told.sort());
      expect((await store.list()).map(({ id }) => id).sort()).toEqual(taken.map(({ snapshotId }) => snapshotId).sort());
    } finally {
      await store.close();
    }
  });

  test('what a process was taking when it was killed is taken by another', async () => {
    const database = await fresh();
    const dead = replica(database, 'dead', 'hang');
    await dead.line(/collects/);
    const alive = replica(database, 'alive');
    // While the first is at it, nobody else takes anything.
    const first = await alive.line(/MISSED .*/);
    dead.process.kill('SIGKILL');
    const taken = await alive.line(/TAKEN/);
    const store = await SnapshotStore.open(database);
    try {
      const runs = await store.runs('often', 1000);
      const oldest = runs.at(-1);
      expect(due(taken)).toBe(oldest?.dueAt);
      expect(oldest?.state).toBe('TAKEN');
      expect(runs.find(({ dueAt }) => dueAt === due(first))).toMatchObject({ state: 'MISSED', reason: `the run that was due at ${due(taken)} had not ended` });
    } finally {
      await store.close();
    }
  });

  test('what a process that hangs has been taking for too long is taken by another', async () => {
    const database = await fresh();
    const hung = replica(database, 'hung', 'hang');
    await hung.line(/collects/);
    await sql(database, "UPDATE netwhy_worker._private_jobs SET locked_at = now() - interval '16 minutes' WHERE locked_at IS NOT NULL RETURNING id");
    const taken = await replica(database, 'alive').line(/TAKEN/);
    const store = await SnapshotStore.open(database);
    try {
      expect((await store.runs('often', 1000)).at(-1)).toMatchObject({ dueAt: due(taken), state: 'TAKEN' });
    } finally {
      await store.close();
    }
  });

  test('what one process after another died over is given up', async () => {
    const database = await fresh();
    const dead = replica(database, 'dead', 'hang');
    await dead.line(/collects/);
    dead.process.kill('SIGKILL');
    await dead.ended();
    await sql(database, 'UPDATE netwhy_worker._private_jobs SET attempts = max_attempts WHERE locked_at IS NOT NULL RETURNING id');
    const alive = replica(database, 'alive');
    await alive.line(/TAKEN/);
    const store = await SnapshotStore.open(database);
    try {
      const oldest = (await store.runs('often', 1000)).at(-1);
      expect(oldest).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(/^it was tried 5 times/) });
      expect(await sql(database, 'SELECT id FROM netwhy_worker.jobs WHERE attempts >= max_attempts')).toEqual([]);
    } finally {
      await store.close();
    }
  });
});
