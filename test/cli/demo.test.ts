import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import { loadConfig } from '../../src/config.ts';
import { openDemo } from '../../src/demo.ts';
import { diff } from '../../src/operations/diff.ts';
import { reachability } from '../../src/operations/reachability.ts';
import { changedEstate, smallEstate } from '../doors/small-estate.ts';

test('the demo answers from its recording, has two snapshots to compare, and leaves nothing behind', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-demo-test-'));
  try {
    await writeRecording(path.join(folder, 'estate-before'), smallEstate());
    await writeRecording(path.join(folder, 'estate.tar.gz'), changedEstate());
    writeFileSync(path.join(folder, 'questions.txt'), '# to try\nweb db:5432\n');
    const config = await loadConfig(undefined, {});
    const demo = await openDemo(config, folder);

    expect(await reachability(demo.app, { question: { from: 'web', to: 'db:5432' } })).toMatchObject({ verdict: 'REACHABLE' });
    expect((await diff(demo.app, {})).changes).toMatchObject([{ kind: 'network', action: 'added' }]);
    expect(demo.hints({ host: '127.0.0.1', port: 4000 }).join('\n')).toContain('why web db:5432 --server http://127.0.0.1:4000');
    expect(demo.config.database).not.toBe(config.database);

    const database = demo.config.database.slice('file:'.length);
    expect(existsSync(database)).toBe(true);
    await demo.app.close();
    demo.remove();
    expect(existsSync(path.dirname(database))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a copy without a demo says so', async () => {
  await expect(openDemo(await loadConfig(undefined, {}), '/nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('every question that the shipped demo proposes is answered', async () => {
  const demo = await openDemo(await loadConfig(undefined, {}));
  try {
    const commands = demo.hints({ host: '127.0.0.1', port: 4000 }).flatMap((line) => /netwhy why (\S+) (\S+)/.exec(line)?.slice(1) ?? []);
    expect(commands.length).toBeGreaterThanOrEqual(10);
    const verdicts: string[] = [];
    for (let i = 0; i < commands.length; i += 2)
      verdicts.push((await reachability(demo.app, { question: { from: commands[i], to: commands[i + 1] } })).verdict);
    expect(new Set(verdicts)).toEqual(new Set(['REACHABLE', 'UNREACHABLE']));
  } finally {
    await demo.app.close();
    demo.remove();
  }
}, 30_000);
