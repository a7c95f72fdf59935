/** `ip -j neigh show` → neighbours. ip-neighbour(8). */
import { z } from 'zod';
import type { Neighbour } from '../model/network.ts';
import { jsonList } from './fact.ts';
import { address } from './words.ts';

const neighbourSchema = z.looseObject({
  dst: z.string(),
  dev: z.string(),
  lladdr: z.string().optional(),
  state: z.array(z.string()).default([]),
});

export function parseNeighbours(data: string): readonly Neighbour[] {
  return jsonList(data, neighbourSchema).map(({ at, value: n }) => ({
    address: address(n.dst),
    dev: n.dev,
    mac: n.lladdr ?? null,
    state: n.state,
    proxy: 'proxy' in n,
    source: { source: 'ip.neigh', locator: at },
  }));
}
