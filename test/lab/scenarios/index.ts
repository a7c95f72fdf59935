import type { Batch, Scenario } from '../scenario.ts';
import { HOSTS } from '../world.ts';
import { added } from './added.ts';
import { altered } from './altered.ts';
import { cluster } from './cluster.ts';
import { firewalls } from './firewalls.ts';
import { services } from './services.ts';
import { standing } from './standing.ts';
import { ways } from './ways.ts';

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

/** Engines that a firewall scenario makes sense on. */
const FITS: Readonly<Record<string, readonly string[]>> = {
  'nft flush ruleset takes the rules of Docker along': ['e20', 'e26', 'e28'],
  'iptables -t nat -F: nobody masquerades any more': ['e20', 'e26', 'e28'],
  'iptables-legacy has the policy DROP that iptables-nft does not show': ['e20', 'e26', 'e28'],
  'the raw table of engine 28 is empty': ['e28'],
  'direct access to a container of engine 28': ['e28'],
  'a rule left over from before an upgrade stands before those that accept replies': ['e28'],
};

/** Each host has another firewall in each batch, so that a few batches put every firewall on two engines; one of the two is kept. */
function spread(scenarios: readonly Scenario[], turns: number): readonly Batch[] {
  const left = scenarios.map((scenario, i) => {
    const fits = FITS[scenario.name] ?? all;
    return { scenario, hosts: Array.from({ length: Math.min(turns, fits.length) }, (_, turn) => fits[(i + turn) % fits.length]!) };
  });
  const batches: Batch[] = [];
  const met = new Set<string>();
  while (left.some(({ hosts }) => hosts.length > 0)) {
    const taken: Scenario[] = [];
    const busy = new Set<string>();
    for (const { scenario, hosts } of left) {
      const at = hosts.findIndex((host) => !busy.has(host));
      if (at < 0 || taken.some(({ name }) => name === scenario.name)) continue;
      const [host] = hosts.splice(at, 1);
      busy.add(host!);
      taken.push({ ...scenario, on: [host!] });
    }
    const first = taken.filter(({ name }) => !met.has(name));
    for (const { name } of first) met.add(name);
    batches.push({
      name: `firewalls ${batches.length + 1}`,
      scenarios: taken,
      keep: first.length > 0 ? [...first.flatMap(({ on }) => on ?? []), 'laptop'] : [],
    });
  }
  return batches;
}

/** Two hosts each, the engines taking turns; where a scenario says, those. */
const inTurn = (scenario: Scenario, i: number): Scenario => ({ ...scenario, on: scenario.on ?? [all[i % all.length]!, all[(i + 2) % all.length]!] });

export const BATCHES: readonly Batch[] = [
  { name: 'standing', scenarios: [...standing, ...added], keep: all, patient: true },
  { name: 'beside', scenarios: [...services, ...ways, ...cluster].map(inTurn), keep: [...all, 'laptop'], patient: true },
  ...spread(firewalls, 2),
  ...altered.map(alone),
];
