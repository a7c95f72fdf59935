/** Asks netwhy again what a lab run has recorded: `tsx test/lab/ask.ts` prints each disagreement. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecording } from '../../src/collectors/recording.ts';
import { why } from '../../src/engine/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { disagreements, report } from './compare.ts';
import { labFolder } from './engines.ts';
import type { Truth } from './truth.ts';

const folder = join(labFolder, '../recordings');
let wrong = 0;
let all = 0;
for (const name of await readdir(folder)) {
  const model = buildModel(await readRecording(join(folder, name, 'facts.tar.gz')));
  console.log(`## ${name}`);
  for (const truth of JSON.parse(await readFile(join(folder, name, 'probes.json'), 'utf8')) as Truth[]) {
    const answer = why(model, truth.question);
    const said = disagreements(truth, answer);
    all++;
    if (said.length === 0) continue;
    wrong++;
    console.log(`${truth.scenario}\n${report(truth, answer, said)}\n`);
  }
}
console.log(`${all} asked, ${wrong} differ`);
