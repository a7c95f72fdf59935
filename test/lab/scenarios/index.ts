import type { Batch, Scenario } from '../scenario.ts';
import { HOSTS } from '../world.ts';
import { added } from './added.ts';
import { altered } from './altered.ts';
import { standing } from './standing.ts';

const all = HOSTS.map(({ name }) => name);

/** Of each batch two hosts are kept, the engines taking turns. */
function alone(scenario: Scenario, i: number): Batch {
  const hosts = scenario.on ?? all;
  return {
    name: scenario.name,
    scenarios: [scenario],
    keep: [hosts[i % hosts.length]!, hosts[(i + 1) % hosts.length]!, 'laptop'],
    ...(/ is down$/.test(scenario.name) ? { patient: true } : {}),
  };
}

export const BATCHES: readonly Batch[] = [{ name: 'standing', scenarios: [...standing, ...added], keep: all, patient: true }, ...altered.map(alone)];
