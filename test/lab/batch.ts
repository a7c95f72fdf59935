/** Runs a batch of scenarios on all their hosts at once: builds, collects, probes under trace, takes back. */

import type { EstateFacts } from '../../src/model/facts.ts';
import type { HostConfig } from '../../src/model/host-config.ts';
import type { Question } from '../../src/model/question.ts';
import type { Lab, LabHost } from './hosts.ts';
import { addressOf, containerName, fill, type Inventory, inventoryOf, peerOf, placeOfContainer, takeInventory } from './inventory.ts';
import { type Place, placeWithin } from './namespaces.ts';
import { lookUp, nextSourcePort, outcomeOf, type Probe, type ProbeResult, shoot } from './probe.ts';
import type { Ask, Batch, Scenario } from './scenario.ts';
import { mapEach, removeMade, takeAll } from './steps.ts';
import { type DropPlace, findDrops, type TracedPlace } from './trace.ts';
import type { Truth } from './truth.ts';

/** Seconds to wait for an answer. A sender gives up on ARP after three (neigh mcast_solicit x retrans_time) and then says so. */
const PATIENT = 4;
/** One SYN is repeated within it. */
export const BRIEF = 1.6;

export interface BatchResult {
  readonly facts: EstateFacts;
  readonly truths: readonly Truth[];
}

interface Case {
  readonly scenario: string;
  readonly inventory: Inventory;
  readonly ask: Ask;
  readonly question: Question;
  readonly probe: Probe | 'no-address' | 'name-not-found';
}

const hostsOf = (lab: Lab, scenario: Scenario): LabHost[] => lab.hosts.filter((host) => scenario.on?.includes(host.name) ?? true);

function reference(inventory: Inventory, end: string): string {
  if (end === 'outside') return inventory.lab.outside.address;
  if (end === 'laptop') return `host:${inventory.lab.outside.config.name}`;
  if (end === 'host') return `host:${inventory.host.name}`;
  if (end === 'peer') return `host:${peerOf(inventory).name}`;
  if (end.startsWith('peer:@')) return containerName(end.slice('peer:@'.length), peerOf(inventory));
  return fill(inventory, end);
}

/** Holder of a namespace that `ip netns add` named on the host: the mount is only visible below the host's root. */
async function sourcePlace(inventory: Inventory, from: string): Promise<Place> {
  if (from === 'host') return inventory.host.place;
  if (from === 'outside' || from === 'laptop') return inventory.lab.outside.place;
  if (from.startsWith('netns:')) {
    const pids = await inventory.host.run(['ip', 'netns', 'pids', fill(inventory, from.slice('netns:'.length))]);
    return placeWithin(Number(inventory.host.place.slice('/proc/'.length)), Number(pids.split('\n')[0]));
  }
  const place = placeOfContainer(inventory, from.slice(1));
  if (!place) throw new Error(`lab: ${from} does not run`);
  return place;
}

async function targetAddress(
  inventory: Inventory,
  peers: ReadonlyMap<string, Inventory>,
  ask: Ask,
  place: Place,
): Promise<string | 'no-address' | 'name-not-found'> {
  const { to } = ask;
  if (to.startsWith('dns:')) return (await lookUp(place, fill(inventory, to.slice(4)))) ?? 'name-not-found';
  if (to === 'host') return inventory.host.address;
  if (to === 'peer') return peerOf(inventory).address;
  if (to === 'outside' || to === 'laptop') return inventory.lab.outside.address;
  if (to.startsWith('peer:@')) return addressOf(peers.get(peerOf(inventory).name)!, to.slice('peer:@'.length)) ?? 'no-address';
  if (to.startsWith('@')) return addressOf(inventory, to.slice(1), ask.from.startsWith('@') ? ask.from.slice(1) : undefined) ?? 'no-address';
  return fill(inventory, to);
}

export async function prepare(scenario: Scenario, ask: Ask, inventory: Inventory, inventories: ReadonlyMap<string, Inventory>): Promise<Case> {
  const protocol = ask.protocol ?? 'tcp';
  const source = ask.source === undefined ? {} : { sourceAddress: fill(inventory, ask.source) };
  const question: Question = { from: reference(inventory, ask.from), to: reference(inventory, ask.to), protocol, port: ask.port ?? null, ...source };
  const place = await sourcePlace(inventory, ask.from);
  const to = await targetAddress(inventory, inventories, ask, place);
  const sport = nextSourcePort();
  const known = to !== 'no-address' && to !== 'name-not-found';
  const from = source.sourceAddress === undefined ? {} : { source: source.sourceAddress };
  return {
    scenario: scenario.name,
    inventory,
    ask,
    question,
    probe: known ? { id: `${sport}`, place, protocol, to, port: ask.port ?? 0, sport, ...from } : to,
  };
}

/** `collect` reads the facts; it runs when all is built, before any probe and without any trace. */
export async function runBatch(lab: Lab, batch: Batch, collect: (hosts: readonly HostConfig[]) => Promise<EstateFacts>): Promise<BatchResult> {
  const pairs = batch.scenarios.flatMap((scenario) => hostsOf(lab, scenario).map((host) => ({ scenario, host })));
  try {
    await Promise.all(
      lab.hosts.map(async (host) => {
        const mine = pairs.filter((pair) => pair.host === host);
        await mapEach(mine, 3, ({ scenario }) => takeAll(lab, host, scenario.setup ?? []));
        if (mine.some(({ scenario }) => scenario.setup?.some((step) => 'docker' in step))) await takeInventory(lab, host);
      }),
    );
    const inventories = new Map(await Promise.all(lab.hosts.map(async (host) => [host.name, await inventoryOf(lab, host)] as const)));
    const asked = pairs.flatMap(({ scenario, host }) => scenario.ask.map((ask) => ({ scenario, ask, inventory: inventories.get(host.name)! })));
    const facts = await collect([...lab.hosts.map((host) => host.config), lab.outside.config]);
    const cases = await mapEach(asked, 8, ({ scenario, ask, inventory }) => prepare(scenario, ask, inventory, inventories));

    const probes = cases.flatMap(({ probe }) => (typeof probe === 'string' ? [] : [probe]));
    const places = tracedPlaces(lab, pairs, inventories);
    const trace = Object.fromEntries([...places].map(([name, { place }]) => [name, place]));
    const { results, events } = await shoot(probes, batch.patient ? PATIENT : BRIEF, trace);
    const { first: drops } = await findDrops(probes, events, places);
    const truths = cases.map((c) => truthOf(c, results, drops));
    await takeBack(lab, pairs);
    return { facts, truths };
  } catch (error) {
    // What was not set up cannot be taken back; the first failure is the one to tell.
    await takeBack(lab, pairs).catch(() => undefined);
    throw error;
  }
}

async function takeBack(lab: Lab, pairs: readonly Pair[]): Promise<void> {
  await Promise.all(
    lab.hosts.map(async (host) => {
      const mine = pairs.filter((pair) => pair.host === host).reverse();
      for (const { scenario } of mine) await takeAll(lab, host, scenario.undo ?? []);
      await removeMade(
        lab,
        host,
        mine.flatMap(({ scenario }) => scenario.setup ?? []),
      );
    }),
  );
}

interface Pair {
  readonly scenario: Scenario;
  readonly host: LabHost;
}

/** Every host, and the containers that a scenario changes something in. */
function tracedPlaces(lab: Lab, pairs: readonly Pair[], inventories: ReadonlyMap<string, Inventory>): ReadonlyMap<string, TracedPlace> {
  const places = new Map<string, TracedPlace>(lab.hosts.map((host) => [host.name, { host: host.name, container: '', place: host.place }]));
  for (const { scenario, host } of pairs) {
    for (const step of scenario.setup ?? []) {
      if (!('container' in step)) continue;
      const place = placeOfContainer(inventories.get(host.name)!, step.container);
      const container = containerName(step.container, host);
      if (place) places.set(container, { host: host.name, container, place });
    }
  }
  return places;
}

function truthOf(c: Case, results: Readonly<Record<string, ProbeResult>>, drops: ReadonlyMap<string, DropPlace>): Truth {
  const { probe, question } = c;
  const result = typeof probe === 'string' ? null : results[probe.id]!;
  const outcome = outcomeOf(question.protocol, result);
  const drop = typeof probe === 'string' || outcome.verdict === 'REACHABLE' ? null : (drops.get(probe.id) ?? null);
  const { from, to, port, source, cause, unknowable, chance, caveat } = c.ask;
  const ask = `${from} > ${to} ${question.protocol}${port === undefined ? '' : `/${port}`}${source === undefined ? '' : ` from ${source}`}`;
  return {
    scenario: c.scenario,
    host: c.inventory.host.name,
    ask,
    question,
    cause: cause ?? null,
    unknowable: unknowable ?? false,
    ...(chance ? { chance } : {}),
    ...(caveat ? { caveat } : {}),
    result,
    outcome,
    drop,
  };
}
