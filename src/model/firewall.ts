/**
 * Rules of x_tables and nf_tables in one form. What a parser cannot express becomes a statement of kind
 * `unknown` with the text kept verbatim: it evaluates to unknown, never to no.
 */
import type { Counters, Gap, SourceRef } from './evidence.ts';

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'bridge' | 'arp' | 'netdev';
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';
export type Backend = 'iptables-legacy' | 'iptables-nft' | 'nftables';

/** All that filters or translates in one namespace. A gap here makes every hook of its family unknown. */
export interface FirewallState {
  /** In order of registration. */
  readonly tables: readonly Table[];
  /** ipset(8) sets, shared by all tables of the namespace. */
  readonly ipsets: ReadonlyMap<string, NamedSet>;
  readonly gaps: readonly FirewallGap[];
}

export interface FirewallGap {
  /** Which families' verdicts are in doubt. */
  readonly families: readonly TableFamily[];
  readonly gap: Gap;
}

export interface Table {
  readonly backend: Backend;
  readonly family: TableFamily;
  readonly name: string;
  /** nftables flag `dormant`: its base chains are not registered. */
  readonly dormant: boolean;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, NamedSet>;
}

export interface Chain {
  readonly name: string;
  readonly table: { readonly backend: Backend; readonly family: TableFamily; readonly name: string };
  /** Null for a chain that is only jumped to. */
  readonly base: BaseChain | null;
  readonly rules: readonly Rule[];
  readonly source: SourceRef;
}

export interface BaseChain {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: Hook;
  /** Netfilter priority; for x_tables the table's fixed one (raw -300, mangle -150, dstnat -100, filter 0, security 50, srcnat 100). */
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  readonly policyCounters?: Counters;
  /** netdev family: the devices it is attached to. */
  readonly devices: readonly string[];
}

export interface Rule {
  /** 1-based place in its chain. */
  readonly position: number;
  /** nftables handle. */
  readonly handle?: number;
  /** As printed: `-A FORWARD -j DROP`, or for nftables a rendering in nft's own syntax. */
  readonly text: string;
  readonly comment?: string;
  readonly counters?: Counters;
  readonly statements: readonly Statement[];
  readonly source: SourceRef;
}

/** What a rule looks at. Names follow nft(8); those of x_tables alone have their match's name as prefix. */
export type Field =
  | 'meta.iifname'
  | 'meta.oifname'
  | 'meta.mark'
  | 'meta.l4proto'
  | 'meta.nfproto'
  | 'meta.protocol'
  | 'meta.pkttype'
  | 'meta.length'
  | 'meta.skuid'
  | 'meta.skgid'
  | 'meta.iifgroup'
  | 'meta.oifgroup'
  | 'meta.iiftype'
  | 'meta.oiftype'
  | 'meta.ibrname'
  | 'meta.obrname'
  | 'meta.iifkind'
  | 'meta.oifkind'
  | 'meta.iif'
  | 'meta.oif'
  | 'ip.saddr'
  | 'ip.daddr'
  | 'ip.protocol'
  | 'ip.ttl'
  | 'ip.dscp'
  | 'ip.ecn'
  | 'ip.length'
  | 'ip.fragment'
  | 'ip.version'
  | 'ip6.saddr'
  | 'ip6.daddr'
  | 'ip6.nexthdr'
  | 'ip6.hoplimit'
  | 'ip6.dscp'
  | 'ip6.length'
  | 'th.sport'
  | 'th.dport'
  | 'tcp.sport'
  | 'tcp.dport'
  | 'tcp.flags'
  | 'udp.sport'
  | 'udp.dport'
  | 'udp.length'
  | 'sctp.sport'
  | 'sctp.dport'
  | 'dccp.sport'
  | 'dccp.dport'
  | 'udplite.sport'
  | 'udplite.dport'
  | 'icmp.type'
  | 'icmp.code'
  | 'icmp.id'
  | 'icmpv6.type'
  | 'icmpv6.code'
  | 'icmpv6.id'
  | 'ether.saddr'
  | 'ether.daddr'
  | 'ether.type'
  | 'arp.htype'
  | 'arp.ptype'
  | 'arp.hlen'
  | 'arp.plen'
  | 'arp.operation'
  | 'arp.saddr.ip'
  | 'arp.daddr.ip'
  | 'arp.saddr.ether'
  | 'arp.daddr.ether'
  | 'ct.state'
  /** `ct.state` of x_tables: also the bits of SNAT and DNAT as in CT_STATUS. */
  | 'conntrack.state'
  | 'ct.status'
  | 'ct.mark'
  | 'ct.direction'
  | 'ct.protocol'
  | 'ct.l3proto'
  | 'ct.zone'
  | 'ct.original.saddr'
  | 'ct.original.daddr'
  | 'ct.original.proto-src'
  | 'ct.original.proto-dst'
  | 'ct.reply.saddr'
  | 'ct.reply.daddr'
  | 'ct.reply.proto-src'
  | 'ct.reply.proto-dst'
  | 'physdev.in'
  | 'physdev.out'
  | 'physdev.is-in'
  | 'physdev.is-out'
  | 'physdev.is-bridged'
  /** x_tables owner: -1 where there is no socket, so that a negated match holds. */
  | 'owner.uid'
  | 'owner.gid'
  | 'owner.exists'
  | 'socket.transparent'
  | 'policy.none';

/**
 * An expression with a value. Numbers, addresses, MACs and bit sets are bigint (addresses big-endian); interface names are strings.
 * A field that the packet does not have (a TCP port of a UDP packet) makes the whole rule not match, negated or not.
 */
export type Expr =
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'fib'; readonly result: 'type' | 'oif' | 'oifname'; readonly of: 'saddr' | 'daddr'; readonly flags: readonly ('iif' | 'oif' | 'mark')[] }
  | { readonly kind: 'raw'; readonly base: 'link' | 'network' | 'transport'; readonly offset: number; readonly length: number }
  | { readonly kind: 'bitwise'; readonly op: 'and' | 'or' | 'xor' | 'lshift' | 'rshift' | 'add' | 'sub'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'const'; readonly value: bigint | string }
  | { readonly kind: 'chance'; readonly text: string; readonly modulus: bigint; readonly offset: bigint }
  | { readonly kind: 'map'; readonly key: readonly Expr[]; readonly map: MapRef }
  | { readonly kind: 'unknown'; readonly name: string; readonly text: string };

/** Inclusive range of numbers, or an interface name (a trailing `*` matches any rest). */
export type Value = { readonly from: bigint; readonly to: bigint } | { readonly ifname: string };

export interface SetElement {
  /** One entry a dimension of the key. */
  readonly key: readonly Value[];
  /** ipset `nomatch`: an exception to the wider elements. */
  readonly nomatch?: boolean;
  /** Maps: the value, which for `addr . port` has two entries. */
  readonly data?: readonly Value[];
  /** Verdict maps. */
  readonly verdict?: Verdict;
}

export interface NamedSet {
  readonly name: string;
  /** ipset type (`hash:ip,port`) or the nft type list joined with ` . `. */
  readonly type: string;
  /** ipset family; a packet of the other one is not in the set. */
  readonly family?: 4 | 6;
  readonly elements: readonly SetElement[];
  /** Members of a list:set. */
  readonly members?: readonly string[];
  /** Filled by the packet path or expiring: membership now may not hold later. */
  readonly dynamic: boolean;
  /** Why its contents are not known (not read, or not understood). */
  readonly unknown?: string;
}

/** A set or map by name in the rule's own table, or written out in the rule. */
export type MapRef = { readonly name: string } | { readonly elements: readonly SetElement[] };

export type Verdict = { readonly kind: 'accept' | 'drop' | 'continue' | 'return' } | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** How a reject answers. */
export type RejectWith =
  | { readonly kind: 'tcp-reset' }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number }
  | { readonly kind: 'icmpv6'; readonly type: number; readonly code: number }
  /** nft icmpx: translated by the packet's family. */
  | { readonly kind: 'icmpx'; readonly code: 'no-route' | 'port-unreachable' | 'host-unreachable' | 'admin-prohibited' };

export interface NatStatement {
  readonly kind: 'nat';
  readonly nat: 'dnat' | 'snat' | 'masquerade' | 'redirect' | 'netmap';
  /** Inclusive address range; absent: the address stays (or is the outgoing interface's for masquerade). */
  readonly address?: { readonly from: bigint; readonly to: bigint };
  /** Address (and port) by an expression, for nft maps. */
  readonly addressExpr?: Expr;
  readonly portExpr?: Expr;
  readonly port?: { readonly from: number; readonly to: number };
  /** nft `ip`/`ip6` in an inet table. */
  readonly family?: 4 | 6;
  readonly flags: readonly string[];
}

/** `orUntracked`: it holds as well for a packet without a connection, as xt_conntrack asks no more of one whose state matched. */
export type Statement =
  | { readonly kind: 'match'; readonly left: Expr; readonly negate: boolean; readonly values: readonly Value[]; readonly orUntracked?: true }
  /** Any bit of the mask set, as in `ct state established,related` and `tcp flags syn`. */
  | { readonly kind: 'bits'; readonly left: Expr; readonly negate: boolean; readonly mask: bigint; readonly orUntracked?: true }
  /** Two expressions compared, as in connmark == mark. */
  | { readonly kind: 'equal'; readonly left: Expr; readonly negate: boolean; readonly right: Expr }
  | { readonly kind: 'lookup'; readonly key: readonly Expr[]; readonly negate: boolean; readonly set: MapRef }
  | { readonly kind: 'ipset'; readonly set: string; readonly negate: boolean; readonly dirs: readonly ('src' | 'dst')[]; readonly returnNomatch: boolean }
  /** rpfilter(8) of x_tables. */
  | { readonly kind: 'rpfilter'; readonly loose: boolean; readonly validmark: boolean; readonly acceptLocal: boolean; readonly invert: boolean }
  /** Matches on rate, time or chance: may match. `everyPacket` is false when it can only match sometimes. */
  | { readonly kind: 'maybe'; readonly name: string; readonly text: string; readonly why: 'rate' | 'time' | 'chance' | 'state'; readonly orUntracked?: true }
  | { readonly kind: 'never'; readonly name: string; readonly text: string }
  /** `effect`: a target that is not modelled; it may end the packet's way or let it go on. */
  | { readonly kind: 'unknown'; readonly name: string; readonly text: string; readonly effect?: true }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'vmap'; readonly key: readonly Expr[]; readonly map: MapRef }
  | { readonly kind: 'reject'; readonly with: RejectWith }
  | NatStatement
  /** Write `value` to a field: meta.mark, ct.mark, ip.ttl, ip6.hoplimit, ip.dscp, ... */
  | { readonly kind: 'set'; readonly field: Field; readonly value: Expr }
  | { readonly kind: 'notrack' }
  | { readonly kind: 'queue'; readonly bypass: boolean; readonly text: string }
  | { readonly kind: 'tproxy'; readonly address?: bigint; readonly port?: number; readonly text: string }
  /** Understood and without influence on the verdict: counter, log, checksum, mss, classify. */
  | { readonly kind: 'noop'; readonly name: string };

/** Bits of `ct.state`, as in the kernel's NF_CT_STATE_BIT order used by nft. */
export const CT_STATE = { invalid: 1n, established: 2n, related: 4n, new: 8n, untracked: 64n } as const;
/** Bits of `ct.status`, enum ip_conntrack_status. */
export const CT_STATUS = { expected: 1n, 'seen-reply': 2n, assured: 4n, confirmed: 8n, snat: 16n, dnat: 32n, dying: 512n } as const;
/** Route types as `fib ... type` yields them, enum rtn_type. */
export const RTN = {
  unspec: 0n,
  unicast: 1n,
  local: 2n,
  broadcast: 3n,
  anycast: 4n,
  multicast: 5n,
  blackhole: 6n,
  unreachable: 7n,
  prohibit: 8n,
  throw: 9n,
} as const;
