/** Facts of real hosts and what the kernel did there, recorded by the lab: asked again without root. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { judge } from './lab/judge.ts';
import { RECORDINGS, readRecorded } from './lab/recordings.ts';

const names = readdirSync(RECORDINGS).sort();

describe('recordings of the lab', () => {
  test('there are some', () => {
    expect(names.length).toBeGreaterThan(20);
  });

  test.each(names)('%s', async (name) => {
    const { facts, truths } = await readRecorded(name);
    expect(truths.length).toBeGreaterThan(0);
    expect(
      judge(facts, truths)
        .flatMap(({ truth, failure }) => (failure === null ? [] : `${truth.scenario}\n${failure}`))
        .join('\n\n'),
    ).toBe('');
  });
});
