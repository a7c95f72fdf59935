/** Keeps what a lab run saw, so that the fast suite can ask the same questions without root: NETWHY_LAB_RECORD=1. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecording, writeRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { labFolder } from './engines.ts';
import type { Truth } from './truth.ts';

export const RECORDINGS = join(labFolder, '../recordings');

/**
 * Replaces test/recordings/NAME/facts.tar.gz and probes.json. Only `hosts` are kept, to keep it small, and of the questions
 * those that are about them alone.
 */
export async function keep(name: string, facts: EstateFacts, truths: readonly Truth[], hosts: readonly string[]): Promise<void> {
  if (process.env.NETWHY_LAB_RECORD !== '1') return;
  const folder = join(RECORDINGS, name.replace(/[^A-Za-z0-9]+/g, '-'));
  await rm(folder, { recursive: true, force: true });
  const left = facts.map(({ host }) => host).filter((host) => !hosts.includes(host));
  const mentions = ({ question }: Truth, host: string): boolean => [question.from, question.to].some((end) => new RegExp(`[-:]${host}$`).test(end));
  const kept = truths.filter((truth) => hosts.includes(truth.host) && !left.some((host) => mentions(truth, host)));
  if (kept.length === 0) return;
  await mkdir(folder, { recursive: true });
  await writeRecording(
    join(folder, 'facts.tar.gz'),
    facts.filter(({ host }) => hosts.includes(host)),
  );
  await writeFile(join(folder, 'probes.json'), `[\n${kept.map((truth) => JSON.stringify(truth)).join(',\n')}\n]\n`);
}

export interface Recording {
  readonly name: string;
  readonly facts: EstateFacts;
  readonly truths: readonly Truth[];
}

export async function readRecorded(name: string): Promise<Recording> {
  const truths = JSON.parse(await readFile(join(RECORDINGS, name, 'probes.json'), 'utf8')) as Truth[];
  return { name, facts: await readRecording(join(RECORDINGS, name, 'facts.tar.gz')), truths };
}

export async function* readRecordings(): AsyncGenerator<Recording> {
  for (const name of (await readdir(RECORDINGS)).sort()) yield readRecorded(name);
}
