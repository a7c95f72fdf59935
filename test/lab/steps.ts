/** Carries out the steps of scenarios. */
import type { Lab, LabHost } from './hosts.ts';
import { serve } from './hosts.ts';
import { fill, type Inventory, inventoryOf, placeOfContainer, takeInventory } from './inventory.ts';
import { enter, inside } from './namespaces.ts';
import type { Step } from './scenario.ts';
import { CONTAINERS, LAST, NETWORKS } from './world.ts';

const words = (inventory: Inventory, text: string): string[] => fill(inventory, text).split(' ').filter(Boolean);

export async function take(inventory: Inventory, step: Step): Promise<void> {
  const { host, lab } = inventory;
  if ('docker' in step) await host.docker(...words(inventory, step.docker));
  else if ('host' in step) await host.run(words(inventory, step.host));
  else if ('outside' in step) await lab.outside.run(words(inventory, step.outside));
  else if ('serve' in step) await serve(enter.machine(host.place), words(inventory, step.serve));
  else {
    const place = placeOfContainer(inventory, step.container);
    if (!place) throw new Error(`lab: ${step.container} does not run`);
    await inside(enter.network(place), words(inventory, step.run));
  }
}

/** One after the other; later steps see what earlier ones made. */
export async function takeAll(lab: Lab, host: LabHost, steps: readonly Step[]): Promise<void> {
  let inventory = await inventoryOf(lab, host);
  for (const step of steps) {
    await take(inventory, step);
    if ('docker' in step) inventory = await takeInventory(lab, host);
  }
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
