/** Carries out the steps of scenarios. */
import type { Lab, LabHost } from './hosts.ts';
import { serve } from './hosts.ts';
import { containerName, fill, type Inventory, inventoryOf, placeOfContainer, takeInventory } from './inventory.ts';
import { enter, inside } from './namespaces.ts';
import type { Step } from './scenario.ts';
import { CONTAINERS, LAST, NETWORKS } from './world.ts';

const words = (inventory: Inventory, text: string): string[] => [...fill(inventory, text).matchAll(/"([^"]*)"|[^ ]+/g)].map(([word, quoted]) => quoted ?? word);

/** `{veth:name}`: only the container's own namespace knows which interface of the host is the other end of its eth0. */
async function withVeths(inventory: Inventory, text: string): Promise<string> {
  const name = /\{veth:([a-z0-9]+)\}/.exec(text)?.[1];
  if (name === undefined) return text;
  const place = placeOfContainer(inventory, name);
  if (!place) throw new Error(`lab: ${name} does not run`);
  const end = (await inside(enter.network(place), ['ip', '-o', 'link', 'show', 'eth0'])).match(/eth0@if(\d+)/)?.[1];
  const links = await inventory.host.run(['ip', '-o', 'link', 'show']);
  const veth = new RegExp(`^${end}: ([^@:]+)`, 'm').exec(links)?.[1];
  if (!veth) throw new Error(`lab: the other end of ${name} is not on ${inventory.host.name}`);
  return text.replaceAll(`{veth:${name}}`, veth);
}

export async function take(inventory: Inventory, step: Step): Promise<void> {
  const { host, lab } = inventory;
  if ('docker' in step) await host.docker(...words(inventory, step.docker));
  else if ('host' in step) await host.run(words(inventory, await withVeths(inventory, step.host)));
  else if ('outside' in step) await lab.outside.run(words(inventory, step.outside));
  else if ('serve' in step) await serve(enter.machine(host.place), words(inventory, step.serve));
  else {
    const place = placeOfContainer(inventory, step.container);
    if (!place) throw new Error(`lab: ${step.container} does not run`);
    await inside(enter.network(place), words(inventory, step.run));
  }
}

/** Whether a step asks what Docker has: then what earlier steps made must be known. */
const asks = (step: Step): boolean => 'container' in step || /\{(address|bridge|gateway|subnet|dead|veth)\b/.test(JSON.stringify(step));

/** One after the other; later steps see what earlier ones made. */
export async function takeAll(lab: Lab, host: LabHost, steps: readonly Step[]): Promise<void> {
  let inventory = await inventoryOf(lab, host);
  let stale = false;
  for (const step of steps) {
    if (stale && asks(step)) {
      inventory = await takeInventory(lab, host);
      stale = false;
    }
    await take(inventory, step);
    if ('docker' in step) stale = true;
  }
  if (stale) await takeInventory(lab, host);
}

const NAME_OF_NETWORK = /^network create .*?(\S+)$/;

/** Removes the containers and networks that scenarios made: all at once, which is far quicker than one by one. */
export async function removeMade(lab: Lab, host: LabHost, steps: readonly Step[]): Promise<void> {
  const commands = steps.flatMap((step) => ('docker' in step ? [step.docker] : []));
  if (commands.length === 0) return;
  const { containers: there } = await takeInventory(lab, host);
  const containers = commands
    .flatMap((command) => / --name @(\S+)/.exec(command)?.[1] ?? [])
    .map((name) => containerName(name, host))
    .filter((name) => there.has(name));
  const networks = commands.flatMap((command) => NAME_OF_NETWORK.exec(command)?.[1] ?? []);
  if (containers.length > 0) await host.docker('rm', '-f', ...containers);
  if (networks.length > 0) await host.docker('network', 'rm', ...networks);
  await takeInventory(lab, host);
}

/** Results in the order of the items, at most `width` at work at a time; rejects with the first failure. */
export async function mapEach<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Builds the standing world on a host. */
export async function buildWorld(lab: Lab, host: LabHost): Promise<void> {
  const empty = await takeInventory(lab, host);
  for (const step of NETWORKS) await take(empty, step);
  const inventory = await takeInventory(lab, host);
  await mapEach(CONTAINERS, 3, (step) => take(inventory, step));
  await takeAll(lab, host, LAST);
}
