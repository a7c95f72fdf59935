/** Takes netwhy at its word: carries out a remedy's commands on a host of the lab, and asks the kernel again. */
import { collectEstate } from '../../src/collectors/index.ts';
import { why } from '../../src/engine/index.ts';
import type { Remedy } from '../../src/model/answer.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { BRIEF, prepare } from './batch.ts';
import type { Lab } from './hosts.ts';
import { fill, takeInventory } from './inventory.ts';
import { type Outcome, outcomeOf, shoot } from './probe.ts';
import type { Ask, Step } from './scenario.ts';
import { takeAll } from './steps.ts';

export interface Trial {
  readonly name: string;
  readonly host: string;
  readonly setup?: readonly Step[];
  readonly ask: Ask;
  /** Of the remedy that is tried. */
  readonly text: RegExp;
  /** Takes the setup and the remedy back. */
  readonly undo: readonly Step[];
}

export interface Tried {
  readonly before: Outcome;
  /** Null: none was offered that fits. */
  readonly remedy: Remedy | null;
  readonly after: Outcome;
}

export async function tryRemedy(lab: Lab, trial: Trial): Promise<Tried> {
  const host = lab.host(trial.host);
  await takeAll(lab, host, trial.setup ?? []);
  try {
    const inventories = new Map(await Promise.all(lab.hosts.map(async (each) => [each.name, await takeInventory(lab, each)] as const)));
    const inventory = inventories.get(trial.host)!;
    const send = async (): Promise<Outcome> => {
      const { probe, question } = await prepare({ name: trial.name, ask: [trial.ask] }, trial.ask, inventory, inventories);
      if (typeof probe === 'string') return outcomeOf(question.protocol, null);
      const { results } = await shoot([probe], BRIEF);
      return outcomeOf(question.protocol, results[probe.id]!);
    };
    const facts = await collectEstate([host.config, lab.outside.config]);
    const { question } = await prepare({ name: trial.name, ask: [trial.ask] }, trial.ask, inventory, inventories);
    const remedy = why(buildModel(facts), question).remedies.find(({ text }) => trial.text.test(fill(inventory, text))) ?? null;
    const before = await send();
    for (const { argv } of remedy?.commands ?? []) {
      if (argv[0] === 'docker') await host.docker(...argv.slice(1));
      else await host.run(argv);
    }
    return { before, remedy, after: await send() };
  } finally {
    await takeAll(lab, host, trial.undo);
    await takeInventory(lab, host);
  }
}
