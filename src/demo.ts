/** A recorded estate that comes with netwhy: everything can be tried without Docker and without root. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Config, Listen } from './config.ts';
import { type App, openApp } from './main.ts';
import { UserError } from './model/errors.ts';
import { Estates } from './operations/estates.ts';
import { takeSnapshot } from './operations/take-snapshot.ts';

export interface Demo {
  readonly config: Config;
  readonly app: App;
  /** Questions to try, for a person. */
  hints(listen: Listen): string[];
  remove(): void;
}

const root = path.resolve(import.meta.dirname, '..').replace(/[/\\]dist$/, '');

const recording = (folder: string, name: string) => [path.join(folder, name), path.join(folder, `${name}.tar.gz`)].find((candidate) => existsSync(candidate));

/** `folder` holds `estate`, and `estate-before` for a first snapshot; each a folder or a .tar.gz. */
export async function openDemo(config: Config, folder = path.join(root, 'demo')): Promise<Demo> {
  const estate = recording(folder, 'estate');
  if (!estate) throw new UserError('NOT_FOUND', 'This copy of netwhy has no demo.', `There should be a recording in ${path.join(folder, 'estate')}.`);
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'netwhy-demo-'));
  const own: Config = { ...config, file: null, hosts: null, watch: { intents: [], targets: [] }, database: `file:${path.join(temporary, 'demo.db')}` };
  const app = openApp(own, { recording: estate });
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  try {
    await takeSnapshots(app, estate, recording(folder, 'estate-before'));
  } catch (error) {
    await app.close();
    remove();
    throw error;
  }
  return { config: own, app, hints: (listen) => hints(folder, listen), remove };
}

/** The estate as a snapshot, after an earlier state of it where there is one. */
async function takeSnapshots(app: App, estate: string, before: string | undefined): Promise<void> {
  const { readRecording } = await import('./collectors/recording.ts');
  for (const [label, source] of [...(before ? [['before', before] as const] : []), ['after', estate] as const]) {
    const estates = new Estates({ collect: () => readRecording(source), store: app.store, cacheMs: 0 });
    await takeSnapshot({ ...app, estates }, { label });
  }
}

/** demo/questions.txt: one `FROM TO` a line; # begins a comment. */
function hints(folder: string, { host, port }: Listen): string[] {
  const file = path.join(folder, 'questions.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const questions = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  const server = `--server http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const compare = recording(folder, 'estate-before') ? ['diff before after'] : [];
  const commands = [...questions.map((question) => `why ${question}`), 'containers', 'snapshots', ...compare];
  return ['Try, in another terminal:', ...commands.map((command) => `    node bin/netwhy ${command} ${server}`)];
}
