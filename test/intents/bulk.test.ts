/** Many flows are judged at the price of few, and no differently. */
import { expect, test } from '@jest/globals';
import { readRecording } from '../../src/collectors/recording.ts';
import { Flows } from '../../src/flows/flows.ts';
import { checkIntent } from '../../src/intents/check.ts';
import { parseIntent } from '../../src/intents/parse.ts';
import type { IntentFinding } from '../../src/model/intent.ts';
import type { Model } from '../../src/model/model.ts';
import { buildModel } from '../../src/normalize/index.ts';

function check(model: Model, text: string, flows: Flows): { finding: IntentFinding; asked: number } {
  const work = checkIntent(model, parseIntent(text, 'test'), () => flows, 100_000);
  let asked = 0;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return { finding: step.value, asked };
    asked += step.value;
  }
}

/** Without seats nothing is alike: every flow is asked about by itself. */
const oneByOne = { seats: [], ports: [], asked: 0 } as unknown as Flows;

test.each(['test/recordings/standing/facts.tar.gz', 'test/recordings/beside/facts.tar.gz'])(
  '%s',
  async (path) => {
    const model = buildModel(await readRecording(path));
    const containers = model.hosts.flatMap((host) => (host.containers.known ? host.containers.value.map(({ name }) => ({ name, host: host.name })) : []));
    const networks = [
      ...new Set(model.hosts.flatMap((host) => (host.containers.known ? host.containers.value.flatMap((c) => c.endpoints.map((e) => e.networkName)) : []))),
    ];
    const some = networks.slice(0, 4);
    const texts = [
      ...some.flatMap((from) => some.map((to) => `every container in network ${from} must reach every container in network ${to}:80`)),
      ...some.map((to) => `every container in network ${some[0]} must not reach every container in network ${to}`),
      ...containers.slice(0, 3).map(({ name, host }) => `only internet may reach ${host}/${name}`),
    ];
    let saved = 0;
    let many = 0;
    const flows = new Flows(model);
    for (const text of texts) {
      const single = check(model, text, oneByOne);
      const bulk = check(model, text, flows);
      expect(bulk.finding).toEqual(single.finding);
      if (single.finding.flows > 50) many++;
      saved += single.asked - bulk.asked;
    }
    expect(many).toBeGreaterThan(0);
    expect(saved).toBeGreaterThan(0);
  },
  120_000,
);
