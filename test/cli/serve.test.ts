import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import { runCli } from '../doors/run-cli.ts';
import { smallEstate } from '../doors/small-estate.ts';

async function listening(child: ChildProcess): Promise<string> {
  let printed = '';
  for await (const chunk of child.stdout!) {
    printed += String(chunk);
    const [url] = /http:\/\/[\d.]+:\d+(?=: )/.exec(printed) ?? [];
    if (url) return url;
  }
  throw new Error(`it ended: ${printed}`);
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the service after the snapshot that it takes',
  async (signal) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-serve-'));
    const recording = path.join(folder, 'recording');
    await writeRecording(recording, smallEstate());
    const env = { ...process.env, DATABASE_URL: `file:${path.join(folder, 'serve.db')}`, NETWHY_LISTEN: '127.0.0.1:0' };
    const script = `const { main } = await import('./src/cli/main.ts'); process.exitCode = await main(['node', 'netwhy', 'serve', '--recording', ${JSON.stringify(recording)}]);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const url = await listening(child);
      expect((await runCli('why', 'web', 'db:5432', '--server', url)).code).toBe(0);
      const taken = fetch(`${url}/api/v1/snapshots`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
      await fetch(`${url}/healthz`);
      child.kill(signal);
      const reply = await taken;
      expect(reply.status).toBe(201);
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
