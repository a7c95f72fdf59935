/** How packets die: one shape for every mechanism, with the line that did it. */
import type { Disposition } from '../model/answer.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Chain, Rule } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import type { Death, Skb } from './skb.ts';

export interface Why {
  /** Same mechanism at the same place: same key. Carrying on past a blocker is keyed by it. */
  readonly key: string;
  readonly disposition: Disposition;
  /** Mechanism in a few words, for example `no route to 10.0.0.1`. */
  readonly text: string;
  readonly chain?: Chain;
  /** Null: by the chain's policy. */
  readonly rule?: Rule | null;
  /** Interface concerned. */
  readonly dev?: string;
  /** Address concerned: the next hop nobody answers for, the destination without a route. */
  readonly address?: string;
  /** Finer than the disposition where a cause needs it: `hairpin`, `isolated-port`, `rp_filter`, `arp-ignore`, ... */
  readonly detail?: string;
  /** The packet as it was when it died. */
  readonly packet: Packet;
  readonly evidence: readonly Evidence[];
  /** What stopped the packet that had to come first: neighbour discovery, the tunnel around it. */
  readonly inner?: { readonly netns: Netns; readonly why: Why };
}

export function death(netns: Netns, why: Why, extra: { errno?: string | null; error?: Skb | null } = {}): Death {
  return { kind: 'died', netns, why, errno: extra.errno ?? null, error: extra.error ? { skb: extra.error } : null };
}
