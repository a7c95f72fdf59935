/** Asks netwhy again what the last lab run has recorded, and prints each disagreement: `tsx test/lab/ask.ts`. */

import { judge } from './judge.ts';
import { readRecordings } from './recordings.ts';

let asked = 0;
let wrong = 0;
for await (const { name, facts, truths } of readRecordings()) {
  console.log(`## ${name}`);
  for (const { truth, failure } of judge(facts, truths)) {
    asked++;
    if (failure === null) continue;
    wrong++;
    console.log(`${truth.host}: ${truth.scenario}\n${failure}\n`);
  }
}
console.log(`${asked} asked, ${wrong} differ`);
