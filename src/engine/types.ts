/** What one walk is made of. */
import type { ConntrackView, Tuple, Unknown } from '../firewall/context.ts';
import type { Disposition } from '../model/answer.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Chain, Rule } from '../model/firewall.ts';
import type { Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import type { Reads } from './reads.ts';
import type { Recorder } from './recorder.ts';

export interface Skb {
  packet: Packet;
  /** Attached once conntrack has seen it in this namespace; lost when it enters another. */
  ct: ConntrackLink | null;
  notrack: boolean;
  /** Bridge port it came in by, while br_netfilter watches (skb nf_bridge->physindev). */
  physIn: string | null;
  etherSrc: string | null;
  etherDst: string | null;
  /** Put on this bridge port as it is, past all rules and translations. */
  readonly direct?: { readonly dev: string; readonly src: string; readonly dst: string };
  /** The socket is bound to no address: the route is looked for without one. */
  readonly anySource?: boolean;
  readonly owner: { readonly uid: number; readonly gid: number } | 'unknown' | null;
  /** Device that the sending or receiving socket is bound to. */
  readonly boundDev: string | null;
}

export interface ConntrackEntry {
  readonly protocol: number;
  readonly original: Tuple;
  /** Changed by NAT before the entry is confirmed. */
  reply: Tuple;
  seenReply: boolean;
  snat: boolean;
  dnat: boolean;
  /** nat chains have been asked for this kind of translation (nf_nat_initialized). */
  initialized: { src: boolean; dst: boolean };
  mark: number;
  confirmed: boolean;
}

/** An skb's tie to its entry (skb->_nfct). */
export interface ConntrackLink {
  readonly entry: ConntrackEntry | null;
  readonly state: ConntrackView['state'];
  readonly direction: 'original' | 'reply';
}

/** Where a packet ended. */
export type Fate =
  | { readonly kind: 'delivered'; readonly netns: Netns; readonly dev: string; readonly skb: Skb }
  | { readonly kind: 'left'; readonly netns: Netns; readonly dev: string; readonly nexthop: string; readonly skb: Skb }
  | Death;

export interface Death {
  readonly kind: 'died';
  readonly netns: Netns;
  readonly why: Why;
  /** An errno at once, when the sender itself could not send (local route errors, EPERM). */
  readonly errno: string | null;
  /** What is sent back because of it. */
  readonly error: { readonly skb: Skb } | null;
}

export interface Why {
  /** Same mechanism at the same place: same key. Carrying on past a blocker is keyed by it. */
  readonly key: string;
  readonly disposition: Disposition;
  /** Mechanism in a few words, for example `no route to 10.0.0.1`. */
  readonly text: string;
  readonly chain?: Chain;
  /** Null: by the chain's policy. */
  readonly rule?: Rule | null;
  /** Names of the chains by whose jumps the packet came to `chain`, from the base chain on. */
  readonly path?: readonly string[];
  /** The hook's devices; a bridged packet comes in and goes out by the bridge. */
  readonly iif?: string | null;
  readonly oif?: string | null;
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

export interface World {
  readonly model: Model;
  readonly choose: (unknown: Unknown) => boolean;
  readonly conntrack: Map<string, ConntrackEntry[]>;
  readonly recorder: Recorder;
  readonly reads: Reads;
  /** Blockers to carry on past, by their key. */
  readonly lifted: ReadonlySet<string>;
  /** Caveats by code. */
  readonly caveats: Map<string, string>;
  /** Neighbours already asked for on this walk. */
  readonly neighbours: Map<string, unknown>;
  /** `namespace device address` → MAC, learned from questions that were answered. */
  readonly learned: Map<string, string>;
  /** MAC address of a next hop, null when nobody answers. Injected by walk.ts, as is `tunnel`: frames need the whole walk. */
  resolve(ns: Netns, dev: string, address: string, skb: Skb): string | null;
  /** Walks the packet around a frame from one tunnel end to the other. */
  tunnel(ns: Netns, link: Link, remote: string): Fate;
  /** Frames and packets in flight inside one another; bounds every loop. */
  depth: number;
}
