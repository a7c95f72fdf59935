/** Makes a failing world small: drops what the failure does not need. */
import type { World } from './world.ts';

/** Halves, quarters, ... down to single parts are left out as long as the failure stays (Zeller and Hildebrandt, delta debugging). */
async function less<T>(all: readonly T[], fails: (some: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let kept = all;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const some = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(some)) kept = some;
      else at += size;
    }
  }
  return kept;
}

/** A smaller world that still fails. Takes up to `seconds`. */
export async function shrink(world: World, fails: (world: World) => Promise<boolean>, seconds: number): Promise<World> {
  const end = Date.now() + seconds * 1000;
  let best = world;
  const tried = async (smaller: World): Promise<boolean> => {
    if (Date.now() > end || !(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  await less(best.asks, (asks) => tried({ ...best, asks }));
  for (const node of world.nodes) {
    const nodes = best.nodes.filter((n) => n !== node);
    const items = best.items.filter((item) => item.on !== node && !(item.kind === 'wire' && item.peer === node));
    if (!best.asks.some((ask) => ask.from === node)) await tried({ ...best, nodes, items });
  }
  await less(best.items, (items) => tried({ ...best, items }));
  return best;
}
