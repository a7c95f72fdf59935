import { drawAsks } from './asks.ts';
import { Dice } from './dice.ts';
import { drawIptables } from './rules-iptables.ts';
import { drawNft } from './rules-nft.ts';
import { add, type Draft, drawTopology, hosts, routers } from './topology.ts';
import { drawTwists } from './twists.ts';
import type { World } from './world.ts';

/** The same seed gives the same world. */
export function generate(seed: number): World {
  const dice = new Dice(seed);
  const d: Draft = { dice, items: [], nodes: [], families: dice.chance(0.85) ? [4, 6] : [4], segments: [], asks: [], net: 1 + (seed % 250) };
  drawTopology(d);
  drawAsks(d);
  drawTwists(d);
  for (const node of [...routers(d), ...hosts(d)]) {
    for (const line of node.routes) add.ip(d, node, `${line.includes(':') || /^default via fd/.test(line) ? '-6 ' : ''}route add ${line}`);
    if (!dice.chance(node.router ? 0.7 : 0.25)) continue;
    const native = dice.chance(0.4);
    if (native) drawNft(d, node, 'own');
    if (!native || dice.chance(0.2)) for (const family of d.families) if (dice.chance(0.8)) drawIptables(d, node, family);
  }
  return { seed, nodes: d.nodes.map(({ name }) => name), items: d.items, asks: d.asks };
}
