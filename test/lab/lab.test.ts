/** Real Docker hosts, real packets: every answer is compared with what the kernel did with the same question. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectEstate } from '../../src/collectors/index.ts';
import { why } from '../../src/engine/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { runBatch } from './batch.ts';
import { disagreements, report } from './compare.ts';
import { createLab, type Lab } from './hosts.ts';
import { labPossible } from './possible.ts';
import { keep } from './recordings.ts';
import { BATCHES } from './scenarios/index.ts';
import { buildWorld } from './steps.ts';
import { HOSTS } from './world.ts';

const group = labPossible() ? describe : describe.skip;

group('the lab', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({ hosts: HOSTS });
    await Promise.all(lab.hosts.map((host) => buildWorld(lab, host)));
  }, 180_000);

  afterAll(async () => {
    await lab?.destroy();
  }, 60_000);

  describe.each(BATCHES.map((batch) => [batch.name, batch] as const))('%s', (_, batch) => {
    /** Disagreements by scenario and host. */
    const failures = new Map<string, string[]>();
    let asked = 0;

    beforeAll(async () => {
      const { facts, truths } = await runBatch(lab, batch, collectEstate);
      await keep(batch.name, facts, truths, batch.keep);
      const model = buildModel(facts);
      for (const truth of truths) {
        asked++;
        const answer = why(model, truth.question);
        const said = disagreements(truth, answer);
        const key = `${truth.scenario} ${truth.host}`;
        if (said.length > 0) failures.set(key, [...(failures.get(key) ?? []), report(truth, answer, said)]);
      }
    }, 120_000);

    for (const scenario of batch.scenarios) {
      for (const { name } of HOSTS.filter((host) => scenario.on?.includes(host.name) ?? true)) {
        test(`${scenario.name}: ${name}`, () => {
          expect(asked).toBeGreaterThan(0);
          const found = failures.get(`${scenario.name} ${name}`);
          if (found) throw new Error(found.join('\n\n'));
        });
      }
    }
  });
});
