/** Real Docker hosts, real packets: every answer is compared with what the kernel did with the same question. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectEstate } from '../../src/collectors/index.ts';
import { diffModels } from '../../src/diff/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { runBatch } from './batch.ts';
import { createLab, type Lab } from './hosts.ts';
import { containerName } from './inventory.ts';
import { type Judged, judge } from './judge.ts';
import { labPossible } from './possible.ts';
import { keep } from './recordings.ts';
import { tryRemedy } from './remedies.ts';
import { BATCHES } from './scenarios/index.ts';
import { trials } from './scenarios/remedies.ts';
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
    let judged: readonly Judged[];

    beforeAll(async () => {
      const { facts, truths } = await runBatch(lab, batch, collectEstate);
      await keep(batch.name, facts, truths, batch.keep);
      judged = judge(facts, truths);
    }, 240_000);

    for (const scenario of batch.scenarios) {
      test.each(HOSTS.filter(({ name }) => scenario.on?.includes(name) ?? true).map(({ name }) => name))(`${scenario.name}: %s`, (host) => {
        const own = judged.filter(({ truth }) => truth.scenario === scenario.name && truth.host === host);
        expect(own).toHaveLength(scenario.ask.length);
        expect(own.flatMap(({ failure }) => failure ?? []).join('\n\n')).toBe('');
      });
    }
  });

  describe('remedies', () => {
    test.each(trials.map((trial) => [trial.name, trial] as const))(
      '%s',
      async (_, trial) => {
        const { before, remedy, after } = await tryRemedy(lab, trial);
        expect({ before: before.verdict, offered: remedy !== null, after: after.verdict }).toEqual({
          before: 'UNREACHABLE',
          offered: true,
          after: 'REACHABLE',
        });
      },
      60_000,
    );
  });

  describe('what changed', () => {
    const model = async () => buildModel(await collectEstate(lab.hosts.map((host) => host.config)));

    test('nothing happened: nothing changed', async () => {
      expect(diffModels(await model(), await model()).changes).toEqual([]);
    }, 60_000);

    test.each(HOSTS.map(({ name }) => name))(
      'docker network connect on %s: the endpoint and what Docker made for it, and no noise',
      async (name) => {
        const host = lab.host(name);
        const container = containerName('plain', host);
        const before = await model();
        await host.docker('network', 'connect', 'back', container);
        const { changes } = diffModels(before, await model());
        await host.docker('network', 'disconnect', 'back', container);
        expect(changes.map((change) => change.host).filter((changed) => changed !== name)).toEqual([]);
        expect(changes.filter(({ kind }) => kind === 'endpoint').map(({ action, key }) => `${action} ${key}`)).toEqual([`added back/${container}`]);
        const told = changes.filter(({ text }) => !text.includes(container) && !text.includes('back') && !/veth|br-|10\.|172\./.test(text));
        expect(told).toEqual([]);
      },
      60_000,
    );
  });
});
