/** What one source gets of one target on every port: asked once for all ports that nothing on the way tells apart. */
import { newReads, type Reads } from '../engine/index.ts';
import type { Verdict } from '../model/answer.ts';
import type { Chain } from '../model/firewall.ts';
import type { Protocol } from '../model/packet.ts';
import { alike, IN_USE, tested } from './ports.ts';

export interface Group {
  /** The port that was asked for. */
  readonly asked: number;
  readonly ports: readonly number[];
  readonly verdict: Verdict;
  /** Chains that the packets came to. */
  readonly through: ReadonlySet<Chain>;
}

/** A pair to be asked about. */
export interface Pair {
  /** Null port: an echo. Notes in `reads` what the answer hangs on. */
  ask(port: number | null, reads: Reads): Verdict;
  /** A rule that wants this address may see a packet of the pair. */
  onTheWay(address: bigint): boolean;
  reach(reads: Reads): Reach;
  /** For such a port the pair is not like others of its class. */
  readonly special: ReadonlySet<number>;
}

/** How far the reasons of a row lie: on the host of the source; there and in how others see the source; on several hosts; in the pair alone. */
export type Reach = 'near' | 'outward' | 'far' | 'own';

export interface Refined {
  readonly groups: readonly Group[];
  readonly reach: Reach;
}

export function refine(pair: Pair, protocol: Protocol, ports: readonly number[]): Refined {
  const groups: Group[] = [];
  const reaches = new Set<Reach>();
  const put = (port: number | null): { verdict: Verdict; reads: Reads } => {
    const reads = newReads();
    const verdict = pair.ask(port, reads);
    reaches.add(pair.reach(reads));
    return { verdict, reads };
  };
  const reach = (): Reach => (['own', 'far', 'outward'] as const).find((r) => reaches.has(r)) ?? 'near';
  if (protocol === 'icmp') {
    const { verdict, reads } = put(null);
    return { groups: [{ asked: 0, ports: [], verdict, through: new Set(reads.chains.keys()) }], reach: reach() };
  }
  const open: (readonly number[])[] = [ports];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    const asked = group.find((port) => !pair.special.has(port)) ?? group[0]!;
    const { verdict, reads } = put(asked);
    const spans = tested(protocol, reads, (address) => pair.onTheWay(address));
    const parts = spans === null ? group.map((port) => [port]) : alike(group, [...spans, ...IN_USE.map((port) => ({ from: port, to: port }))]);
    for (const part of parts) {
      if (part.includes(asked)) groups.push({ asked, ports: part, verdict, through: new Set(reads.chains.keys()) });
      else open.push(part);
    }
  }
  return { groups, reach: reach() };
}
