import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Child {
  readonly url: string;
  readonly process: ChildProcess;
  /** All that it wrote to standard error so far. */
  log(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly folder: string;
  remove(): void;
}

const SCRIPT = `const { main } = await import('./src/cli/main.ts'); process.exitCode = await main(['node', 'netwhy', 'serve']);`;

/** `netwhy serve` as a process of its own; resolves when it listens. */
export async function startChild(config: string, env: Readonly<Record<string, string>> = {}): Promise<Child> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-running-'));
  const file = path.join(folder, 'netwhy.yaml');
  writeFileSync(file, config);
  const own = { ...process.env, DATABASE_URL: `file:${path.join(folder, 'own.db')}`, NETWHY_LISTEN: '127.0.0.1:0', NETWHY_CONFIG: file, ...env };
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], { env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
      const [found] = /http:\/\/[\d.]+:\d+(?=: )/.exec(printed) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended: ${log}`)));
  });
  const remove = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, process: child, log: () => log, ended, folder, remove };
}
