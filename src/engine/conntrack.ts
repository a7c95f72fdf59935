/** Connection tracking as nf_conntrack_core.c does it, for the few packets of one question. */
import type { ConntrackView, Tuple } from '../firewall/context.ts';
import { CT_STATUS } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { ICMP, ICMP6, isNeighbourDiscovery, l4proto } from './skb.ts';
import type { ConntrackEntry, Skb, World } from './types.ts';
import { sysctl } from './world.ts';

export function tupleOf(packet: Packet): Tuple {
  return { src: packet.src, dst: packet.dst, sport: packet.sport, dport: packet.dport };
}

export function inverted(t: Tuple): Tuple {
  return { src: t.dst, dst: t.src, sport: t.dport, dport: t.sport };
}

function same(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;
}

type Direction = 'original' | 'reply';

/** Types of ICMP belong to the tuple: an echo to oneself and its reply differ in nothing else. */
function directionOf(packet: Packet): Direction | null {
  return packet.protocol === 'icmp' && packet.icmp ? (opensEcho(packet) ? 'original' : 'reply') : null;
}

function opensEcho(packet: Packet): boolean {
  return packet.icmp?.type === (packet.family === 4 ? ICMP.echo : ICMP6.echo);
}

function find(world: World, ns: Netns, protocol: number, tuple: Tuple, only: Direction | null): { entry: ConntrackEntry; direction: Direction } | null {
  for (const entry of world.conntrack.get(ns.id) ?? []) {
    if (!entry.confirmed || entry.protocol !== protocol) continue;
    if (only !== 'reply' && same(entry.original, tuple)) return { entry, direction: 'original' };
    if (only !== 'original' && same(entry.reply, tuple)) return { entry, direction: 'reply' };
  }
  return null;
}

function opposite(direction: Direction | null): Direction | null {
  return direction && (direction === 'original' ? 'reply' : 'original');
}

const SYN = 2;
const RST = 4;
const ACK = 16;

/** Types that may open an entry: requests, not answers (nf_conntrack_proto_icmp.c valid_new). */
function mayBegin(packet: Packet, ns: Netns): boolean {
  if (packet.protocol === 'tcp') {
    if (packet.tcpFlags & RST) return false;
    if (packet.tcpFlags & SYN) return (packet.tcpFlags & ACK) === 0;
    return sysctl(ns, 'netfilter.nf_conntrack_tcp_loose', 1) !== 0;
  }
  if (packet.protocol === 'icmp') return opensEcho(packet);
  return true;
}

/** nf_conntrack_in: ties the packet to its entry, or makes a new one. */
export function track(world: World, ns: Netns, skb: Skb): void {
  if (skb.ct || skb.notrack) return;
  const { packet } = skb;
  if (isNeighbourDiscovery(packet)) {
    skb.notrack = true; // nf_conntrack_icmpv6_error: not tracked
    return;
  }
  if (packet.error) {
    const about = packet.error.about;
    // nf_conntrack_inet_error: the answer to the packet inside is looked up, since the error travels as that answer would.
    const inner = find(world, ns, l4proto(about), inverted(tupleOf(about)), opposite(directionOf(about)));
    if (inner) skb.ct = { entry: inner.entry, state: 'related', direction: inner.direction };
    else skb.ct = { entry: null, state: 'invalid', direction: 'original' };
    return;
  }
  const protocol = l4proto(packet);
  const found = find(world, ns, protocol, tupleOf(packet), directionOf(packet));
  if (found) {
    if (found.direction === 'reply') {
      found.entry.seenReply = true;
      skb.ct = { entry: found.entry, state: 'established', direction: 'reply' };
    } else skb.ct = { entry: found.entry, state: found.entry.seenReply ? 'established' : 'new', direction: 'original' };
    return;
  }
  if (!mayBegin(packet, ns)) {
    skb.ct = { entry: null, state: 'invalid', direction: 'original' };
    return;
  }
  const original = tupleOf(packet);
  const entry: ConntrackEntry = {
    protocol,
    original,
    reply: inverted(original),
    seenReply: false,
    snat: false,
    dnat: false,
    initialized: { src: false, dst: false },
    mark: 0,
    confirmed: false,
  };
  world.conntrack.set(ns.id, [...(world.conntrack.get(ns.id) ?? []), entry]);
  skb.ct = { entry, state: 'new', direction: 'original' };
}

/** nf_conntrack_confirm, at the end of INPUT and POSTROUTING. */
export function confirm(skb: Skb): void {
  if (skb.ct?.entry) skb.ct.entry.confirmed = true;
}

/** nf_conntrack_attach: errors and resets made by the kernel belong to the connection that provoked them. */
export function attachRelated(skb: Skb, cause: Skb): void {
  if (cause.ct?.entry) skb.ct = { entry: cause.ct.entry, state: 'related', direction: cause.ct.direction === 'original' ? 'reply' : 'original' };
}

export function viewOf(skb: Skb): ConntrackView | null {
  const protocol = l4proto(skb.packet);
  const nowhere = tupleOf(skb.packet);
  if (skb.notrack) return { state: 'untracked', direction: 'original', status: 0n, original: nowhere, reply: inverted(nowhere), protocol };
  if (!skb.ct) return null;
  const { entry, state, direction } = skb.ct;
  if (!entry) return { state, direction, status: 0n, original: nowhere, reply: inverted(nowhere), protocol };
  let status = 0n;
  if (entry.seenReply) status |= CT_STATUS['seen-reply'];
  if (entry.confirmed) status |= CT_STATUS.confirmed;
  if (entry.snat) status |= CT_STATUS.snat;
  if (entry.dnat) status |= CT_STATUS.dnat;
  return { state, direction, status, original: entry.original, reply: entry.reply, protocol: entry.protocol };
}
