/** The contract between the packet's walk (engine) and the meaning of rules (firewall). */
import type { Chain, Hook, NatStatement, RejectWith, Rule } from '../model/firewall.ts';
import type { IpVersion, Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';

/** Something that decides and is not known. The walk takes both branches. */
export interface Unknown {
  /** Same key: same answer within one walk. */
  readonly key: string;
  /** `chance` depends on luck, rate or time; `missing` could be settled by a fact or by modelling more. */
  readonly why: 'chance' | 'missing';
  /** For a person: what is not known. */
  readonly text: string;
}

export interface Tuple {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
}

/** What conntrack says of the packet at this hook. */
export interface ConntrackView {
  readonly state: 'new' | 'established' | 'related' | 'invalid' | 'untracked';
  readonly direction: 'original' | 'reply';
  /** Bits of CT_STATUS. */
  readonly status: bigint;
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly protocol: number;
}

/** An ARP packet, for the arp, bridge and netdev families. Addresses are canonical text. */
export interface ArpView {
  /** 1 request, 2 reply. */
  readonly operation: number;
  readonly senderIp: string;
  readonly targetIp: string;
  readonly senderMac: string;
  readonly targetMac: string;
}

/** Everything a statement may ask of the packet. `packet`, `ctMark` and `notrack` are changed by rules. */
export interface EvalContext {
  readonly netns: Netns;
  readonly family: IpVersion;
  readonly hook: Hook;
  /** Rules of the bridge family see the ports; of ip families at bridged packets, the bridge. */
  readonly iif: string | null;
  readonly oif: string | null;
  /** Bridge ports, when the packet passes a bridge. */
  readonly physIn: string | null;
  readonly physOut: string | null;
  readonly bridged: boolean;
  readonly etherSrc: string | null;
  readonly etherDst: string | null;
  readonly pkttype: 'unicast' | 'broadcast' | 'multicast' | 'other';
  /** Null before conntrack has looked at the packet (priority below -200). */
  readonly conntrack: ConntrackView | null;
  /** uid and gid of the local sender; null when there is none (not locally made); `unknown` when not known. */
  readonly owner: { readonly uid: number; readonly gid: number } | 'unknown' | null;
  /** Set when the packet is ARP: then `packet` is not looked at. */
  readonly arp?: ArpView;
  packet: Packet;
  ctMark: number;
  notrack: boolean;
  /** nft fib and x_tables addrtype: route type (bigint of RTN), or outgoing interface name (`''`: none). */
  fib(of: 'saddr' | 'daddr', result: 'type' | 'oifname', flags: readonly ('iif' | 'oif' | 'mark')[]): bigint | string | Unknown;
  /** Value of IFA/IFLA properties by interface: group number, link kind; null when the interface is not there. */
  link(name: string): { readonly group: string; readonly kind: string; readonly ifindex: number; readonly master: string | null } | null;
  /** Decides something unknown: both answers are walked in turn. */
  choose(unknown: Unknown): boolean;
}

export type ChainOutcome =
  | { readonly kind: 'accept' | 'drop'; readonly chain: Chain /** Null: by the policy. */; readonly rule: Rule | null }
  | { readonly kind: 'reject'; readonly with: RejectWith; readonly chain: Chain; readonly rule: Rule }
  /** A translation, its addresses and ports worked out; ends a nat chain. */
  | { readonly kind: 'nat'; readonly nat: ResolvedNat; readonly chain: Chain; readonly rule: Rule }
  | { readonly kind: 'queue'; readonly bypass: boolean; readonly chain: Chain; readonly rule: Rule }
  | { readonly kind: 'tproxy'; readonly chain: Chain; readonly rule: Rule };

export interface ResolvedNat {
  readonly nat: NatStatement['nat'];
  /** Canonical text; null: keep the address (dnat to a port only) or take the interface's (masquerade, redirect). */
  readonly address: { readonly from: string; readonly to: string } | null;
  readonly port: { readonly from: number; readonly to: number } | null;
  readonly flags: readonly string[];
}

/** One rule that matched, in order. `effect` in words: `jump DOCKER`, `mark 0x1`, `accept`. */
export interface MatchedRule {
  readonly chain: Chain;
  readonly rule: Rule;
  readonly effect: string;
}

export interface ChainRun {
  readonly outcome: ChainOutcome;
  readonly matched: readonly MatchedRule[];
}
