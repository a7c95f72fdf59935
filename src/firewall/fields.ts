/** Reads one field of the packet or of its surroundings. Null: there is no such field, which ends the rule (NFT_BREAK, `return false`). */
import type { Field } from '../model/firewall.ts';
import { CT_STATE, CT_STATUS } from '../model/firewall.ts';
import type { Packet } from '../model/packet.ts';
import { toBigInt } from '../util/ip.ts';
import type { ConntrackView, EvalContext } from './context.ts';
import { icmpError, macToBigInt, PKTTYPES, protocolOf } from './packet-fields.ts';
import { big, missing, type Result } from './result.ts';

type Reader = (ctx: EvalContext) => Result;

/** The connection of the packet, as nf_ct_get() gives it: none while it is untracked or invalid. */
export function connection(ctx: EvalContext): ConntrackView | null {
  const ct = ctx.conntrack;
  return ct === null || ctx.notrack || ct.state === 'invalid' || ct.state === 'untracked' ? null : ct;
}

/** nft_ct.c and xt_conntrack.c: without a connection the state is untracked when marked so, else invalid. */
function state(ctx: EvalContext): bigint {
  const ct = connection(ctx);
  if (ct) return CT_STATE[ct.state];
  return ctx.notrack || ctx.conntrack?.state === 'untracked' ? CT_STATE.untracked : CT_STATE.invalid;
}

const ip =
  (read: Reader): Reader =>
  (ctx) =>
    ctx.arp ? null : read(ctx);
const v4 =
  (read: Reader): Reader =>
  (ctx) =>
    ctx.family === 4 && !ctx.arp ? read(ctx) : null;
const v6 =
  (read: Reader): Reader =>
  (ctx) =>
    ctx.family === 6 && !ctx.arp ? read(ctx) : null;
const of =
  (protocol: 'tcp' | 'udp', read: Reader): Reader =>
  (ctx) =>
    ctx.packet.protocol === protocol && !ctx.arp ? read(ctx) : null;
const ct =
  (read: (view: ConntrackView, ctx: EvalContext) => Result): Reader =>
  (ctx) => {
    const view = connection(ctx);
    return view ? read(view, ctx) : null;
  };
const absent: Reader = () => null;

/** The addresses of the packet that was asked about last: thousands of rules ask for them one after the other. */
let last: { readonly packet: Packet; readonly src: bigint; readonly dst: bigint } | null = null;
function addresses(packet: Packet) {
  if (last?.packet !== packet) last = { packet, src: toBigInt(packet.src), dst: toBigInt(packet.dst) };
  return last;
}
const source: Reader = (ctx) => addresses(ctx.packet).src;
const destination: Reader = (ctx) => addresses(ctx.packet).dst;
const sport: Reader = (ctx) => big(ctx.packet.sport);
const dport: Reader = (ctx) => big(ctx.packet.dport);
const ttl: Reader = (ctx) => big(ctx.packet.ttl);
const dscp: Reader = (ctx) => big(ctx.packet.dscp);
const l4proto: Reader = (ctx) => big(protocolOf(ctx.packet));
const icmpKind: Reader = (ctx) => (ctx.packet.icmp ? big(ctx.packet.icmp.type) : null);
const icmpCode: Reader = (ctx) => (ctx.packet.icmp ? big(ctx.packet.icmp.code) : null);
const icmpId: Reader = (ctx) => (ctx.packet.icmp && !icmpError(ctx.packet) ? big(ctx.packet.sport) : null);
const mac = (address: string | null) => (address === null ? null : macToBigInt(address));
const owned = (ctx: EvalContext, which: 'uid' | 'gid', none: Result): Result => {
  if (ctx.owner === null) return none;
  return ctx.owner === 'unknown' ? missing(`the ${which} of the sending process`) : big(ctx.owner[which]);
};

/** An ECN-capable TCP marks its packets only after the handshake, RFC 3168 section 6.1. */
const ecn: Reader = (ctx) => (ctx.packet.protocol === 'tcp' && (ctx.packet.tcpFlags & 2) === 0 ? missing('whether the connection negotiated ECN') : 0n);

function group(ctx: EvalContext, name: string | null): Result {
  const text = name === null ? undefined : ctx.link(name)?.group;
  if (text === undefined) return name === null ? null : missing(`the group of interface ${name}`);
  if (text === 'default') return 0n;
  return /^\d+$/.test(text) ? BigInt(text) : missing(`the number of interface group ${text}`);
}

/** rtnl_link_ops kind: loopback and physical devices have none. */
function kind(ctx: EvalContext, name: string | null): Result {
  if (name === null) return null;
  const link = ctx.link(name);
  if (!link) return missing(`the kind of interface ${name}`);
  return link.kind === 'loopback' || link.kind === 'physical' ? null : link.kind;
}

const ETHERNET = new Set(['veth', 'bridge', 'vlan', 'macvlan', 'vxlan', 'bond', 'dummy', 'geneve', 'gretap', 'ifb', 'team']);
/** ARPHRD of include/uapi/linux/if_arp.h. */
function type(ctx: EvalContext, name: string | null): Result {
  if (name === null) return null;
  const link = ctx.link(name);
  if (link?.kind === 'loopback') return 772n;
  if (link && ETHERNET.has(link.kind)) return 1n;
  return link?.kind === 'wireguard' ? 65534n : missing(`the hardware type of interface ${name}`);
}

const index = (ctx: EvalContext, name: string | null): Result => {
  if (name === null) return 0n;
  const link = ctx.link(name);
  return link ? big(link.ifindex) : missing(`the index of interface ${name}`);
};

const bridgeOf = (ctx: EvalContext, name: string | null): Result => {
  const link = name === null ? null : ctx.link(name);
  return link?.master ?? null;
};

/** xt_physdev.c: a packet that no bridge port brought has empty names. */
const passedBridge = (ctx: EvalContext) => ctx.physIn !== null || ctx.physOut !== null;
const truth = (value: boolean): bigint => (value ? 1n : 0n);

export const FIELDS: Readonly<Record<Field, Reader>> = {
  // nft_meta.c stores an empty name and index 0 where there is no device
  'meta.iifname': (ctx) => ctx.iif ?? '',
  'meta.oifname': (ctx) => ctx.oif ?? '',
  'meta.iif': (ctx) => index(ctx, ctx.iif),
  'meta.oif': (ctx) => index(ctx, ctx.oif),
  'meta.mark': (ctx) => big(ctx.packet.mark),
  'meta.l4proto': ip(l4proto),
  'meta.nfproto': (ctx) => (ctx.arp ? 3n : ctx.family === 4 ? 2n : 10n),
  'meta.protocol': (ctx) => (ctx.arp ? 0x806n : ctx.family === 4 ? 0x800n : 0x86ddn),
  'meta.pkttype': (ctx) => PKTTYPES[ctx.pkttype],
  'meta.length': ip((ctx) => big(ctx.packet.length)),
  'meta.skuid': (ctx) => owned(ctx, 'uid', null),
  'meta.skgid': (ctx) => owned(ctx, 'gid', null),
  'meta.iifgroup': (ctx) => group(ctx, ctx.iif),
  'meta.oifgroup': (ctx) => group(ctx, ctx.oif),
  // measured: a packet leaving its own host has the outgoing device's type here, and still no name
  'meta.iiftype': (ctx) => type(ctx, ctx.iif ?? (ctx.hook === 'postrouting' ? ctx.oif : null)),
  'meta.oiftype': (ctx) => type(ctx, ctx.oif),
  'meta.ibrname': (ctx) => bridgeOf(ctx, ctx.iif),
  'meta.obrname': (ctx) => bridgeOf(ctx, ctx.oif),
  'meta.iifkind': (ctx) => kind(ctx, ctx.iif),
  'meta.oifkind': (ctx) => kind(ctx, ctx.oif),
  'ip.saddr': v4(source),
  'ip.daddr': v4(destination),
  'ip.protocol': v4(l4proto),
  'ip.ttl': v4(ttl),
  'ip.dscp': v4(dscp),
  'ip.ecn': ip(ecn),
  'ip.length': v4((ctx) => big(ctx.packet.length)),
  'ip.fragment': v4(() => 0n),
  'ip.version': v4(() => 4n),
  'ip6.saddr': v6(source),
  'ip6.daddr': v6(destination),
  'ip6.nexthdr': v6(l4proto),
  'ip6.hoplimit': v6(ttl),
  'ip6.dscp': v6(dscp),
  'ip6.length': v6((ctx) => big(Math.max(0, ctx.packet.length - 40))),
  // the first four octets of any transport header: of ICMP, type, code and checksum
  'th.sport': ip((ctx) => (ctx.packet.icmp ? big(ctx.packet.icmp.type * 256 + ctx.packet.icmp.code) : sport(ctx))),
  'th.dport': ip((ctx) => (ctx.packet.protocol === 'icmp' ? { ...missing('the ICMP checksum'), from: 0n, to: 0xffffn, spread: true } : dport(ctx))),
  'tcp.sport': of('tcp', sport),
  'tcp.dport': of('tcp', dport),
  'tcp.flags': of('tcp', (ctx) => big(ctx.packet.tcpFlags)),
  'udp.sport': of('udp', sport),
  'udp.dport': of('udp', dport),
  'udp.length': of('udp', (ctx) => big(Math.max(0, ctx.packet.length - (ctx.family === 4 ? 20 : 40)))),
  'sctp.sport': absent,
  'sctp.dport': absent,
  'dccp.sport': absent,
  'dccp.dport': absent,
  'udplite.sport': absent,
  'udplite.dport': absent,
  'icmp.type': v4(icmpKind),
  'icmp.code': v4(icmpCode),
  'icmp.id': v4(icmpId),
  'icmpv6.type': v6(icmpKind),
  'icmpv6.code': v6(icmpCode),
  'icmpv6.id': v6(icmpId),
  'ether.saddr': (ctx) => mac(ctx.etherSrc),
  'ether.daddr': (ctx) => mac(ctx.etherDst),
  'ether.type': (ctx) => (ctx.etherSrc === null ? null : ctx.arp ? 0x806n : ctx.family === 4 ? 0x800n : 0x86ddn),
  'arp.htype': (ctx) => (ctx.arp ? 1n : null),
  'arp.ptype': (ctx) => (ctx.arp ? 0x800n : null),
  'arp.hlen': (ctx) => (ctx.arp ? 6n : null),
  'arp.plen': (ctx) => (ctx.arp ? 4n : null),
  'arp.operation': (ctx) => (ctx.arp ? big(ctx.arp.operation) : null),
  'arp.saddr.ip': (ctx) => (ctx.arp ? toBigInt(ctx.arp.senderIp) : null),
  'arp.daddr.ip': (ctx) => (ctx.arp ? toBigInt(ctx.arp.targetIp) : null),
  'arp.saddr.ether': (ctx) => (ctx.arp ? macToBigInt(ctx.arp.senderMac) : null),
  'arp.daddr.ether': (ctx) => (ctx.arp ? macToBigInt(ctx.arp.targetMac) : null),
  'ct.state': state,
  'conntrack.state': (ctx) => state(ctx) | ((connection(ctx)?.status ?? 0n) & (CT_STATUS.snat | CT_STATUS.dnat)),
  'ct.status': ct((view) => view.status),
  'ct.mark': ct((_, ctx) => big(ctx.ctMark)),
  'ct.direction': ct((view) => (view.direction === 'original' ? 0n : 1n)),
  'ct.protocol': ct((view) => big(view.protocol)),
  'ct.l3proto': ct((_, ctx) => (ctx.family === 4 ? 2n : 10n)),
  'ct.zone': ct(() => 0n),
  'ct.original.saddr': ct((view) => toBigInt(view.original.src)),
  'ct.original.daddr': ct((view) => toBigInt(view.original.dst)),
  'ct.original.proto-src': ct((view) => big(view.original.sport)),
  'ct.original.proto-dst': ct((view) => big(view.original.dport)),
  'ct.reply.saddr': ct((view) => toBigInt(view.reply.src)),
  'ct.reply.daddr': ct((view) => toBigInt(view.reply.dst)),
  'ct.reply.proto-src': ct((view) => big(view.reply.sport)),
  'ct.reply.proto-dst': ct((view) => big(view.reply.dport)),
  'physdev.in': (ctx) => ctx.physIn ?? (passedBridge(ctx) ? null : ''),
  'physdev.out': (ctx) => ctx.physOut ?? (passedBridge(ctx) ? null : ''),
  'physdev.is-in': (ctx) => truth(ctx.physIn !== null),
  'physdev.is-out': (ctx) => truth(ctx.physOut !== null),
  'physdev.is-bridged': (ctx) => truth(ctx.physOut !== null),
  'owner.uid': (ctx) => owned(ctx, 'uid', -1n),
  'owner.gid': (ctx) => owned(ctx, 'gid', -1n),
  'owner.exists': (ctx) => truth(ctx.owner !== null),
  'socket.transparent': () => missing('whether a transparent socket takes the packet'),
  // no IPsec is modelled: every packet is one without a security path
  'policy.none': () => 1n,
};
