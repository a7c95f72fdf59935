/** Facts of real hosts and what the kernel did there, recorded by the lab: asked again without root. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DISPOSITIONS } from '../src/model/answer.ts';
import { judge } from './lab/judge.ts';
import { RECORDINGS, readRecorded } from './lab/recordings.ts';

/** `disposition verdict protocol` to the symptoms that docs/answers.md allows. */
const TABLE = new Map(
  readFileSync('docs/answers.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7)
    .flatMap(([, disposition, verdict, tcp = '', udp = '', icmp = '']) =>
      Object.entries({ tcp, udp, icmp }).map(([protocol, symptoms]) => [`${disposition} ${verdict} ${protocol}`, symptoms.split(', ')] as const),
    ),
);

const names = readdirSync(RECORDINGS).sort();

describe('recordings of the lab', () => {
  test('every disposition stands in the table of docs/answers.md', () => {
    const described = new Set([...TABLE.keys()].map((key) => key.split(' ')[0]));
    expect(DISPOSITIONS.filter((disposition) => !described.has(disposition))).toEqual([]);
  });

  test('there are some', () => {
    expect(names.length).toBeGreaterThan(20);
  });

  test.each(names)('%s', async (name) => {
    const { facts, truths } = await readRecorded(name);
    expect(truths.length).toBeGreaterThan(0);
    const judged = judge(facts, truths);
    expect(judged.flatMap(({ truth, failure }) => (failure === null ? [] : `${truth.scenario}\n${failure}`)).join('\n\n')).toBe('');
    for (const { answer } of judged) {
      if (answer.verdict === 'UNDETERMINED' || answer.verdict === 'AMBIGUOUS') expect(answer.symptom).toBe('UNKNOWN');
      else expect(TABLE.get(`${answer.disposition} ${answer.verdict} ${answer.question.protocol}`)).toContain(answer.symptom);
    }
  });
});
