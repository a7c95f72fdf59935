/** Keeps what a lab run saw, so that the fast suite can ask the same questions without root: NETWHY_LAB_RECORD=1. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { labFolder } from './engines.ts';
import type { Truth } from './truth.ts';

const RECORDINGS = join(labFolder, '../recordings');

/** Replaces test/recordings/NAME/facts.tar.gz and probes.json. */
export async function keep(name: string, facts: EstateFacts, truths: readonly Truth[]): Promise<void> {
  if (process.env.NETWHY_LAB_RECORD !== '1') return;
  const folder = join(RECORDINGS, name.replace(/[^A-Za-z0-9]+/g, '-'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeRecording(join(folder, 'facts.tar.gz'), facts);
  const lines = truths.map((truth) => JSON.stringify(truth)).join(',\n');
  await writeFile(join(folder, 'probes.json'), `[\n${lines}\n]\n`);
}
