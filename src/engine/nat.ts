/** Address translation as nf_nat_core.c does it: bound once a connection, applied to every packet of it. */
import type { ResolvedNat, Tuple } from '../firewall/context.ts';
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { fromBigInt, toBigInt } from '../util/ip.ts';
import { inverted } from './conntrack.ts';
import { linksOf } from './index-netns.ts';
import { selectAddress, selectAddress6 } from './source-address.ts';
import type { ConntrackEntry, Skb, World } from './types.ts';
import { caveat } from './world.ts';

export type Manip = 'src' | 'dst';

export function manipAt(hook: string): Manip {
  return hook === 'prerouting' || hook === 'output' ? 'dst' : 'src';
}

/** Works out what a nat rule binds the connection to; null when the kernel would drop the packet for want of an address. */
export function bind(
  world: World,
  ns: Netns,
  skb: Skb,
  nat: ResolvedNat,
  hook: string,
  dev: { iif: string | null; oif: string | null },
  nexthop: string | null,
): boolean {
  const entry = skb.ct?.entry;
  if (!entry) return true;
  const manip = manipAt(hook);
  const current = inverted(entry.reply);
  const address = addressFor(world, ns, skb.packet, nat, hook, dev, nexthop, current);
  if (address === null) return false;
  const port = portFor(world, nat, manip === 'dst' ? current.dport : current.sport);
  const next: Tuple = manip === 'dst' ? { ...current, dst: address, dport: port } : { ...current, src: address, sport: port };
  if (next.src !== current.src || next.dst !== current.dst || next.sport !== current.sport || next.dport !== current.dport) {
    entry.reply = inverted(next);
    if (manip === 'dst') entry.dnat = true;
    else entry.snat = true;
  }
  return true;
}

function addressFor(
  world: World,
  ns: Netns,
  packet: Packet,
  nat: ResolvedNat,
  hook: string,
  dev: { iif: string | null; oif: string | null },
  nexthop: string | null,
  current: Tuple,
): string | null {
  const mine = manipAt(hook) === 'dst' ? current.dst : current.src;
  if (nat.nat === 'masquerade') {
    const oif = dev.oif ?? '';
    return packet.family === 4 ? selectAddress(ns, oif, nexthop ?? packet.dst, 'global') : selectAddress6(ns, oif, packet.dst);
  }
  if (nat.nat === 'redirect') {
    // nf_nat_redirect.c: the loopback address for local packets, else the first address of the incoming interface
    if (hook === 'output') return packet.family === 4 ? '127.0.0.1' : '::1';
    const link = linksOf(ns).links.get(dev.iif ?? '');
    return link?.addresses.find((a) => a.family === packet.family && a.usable)?.address ?? null;
  }
  if (!nat.address) return mine;
  const from = toBigInt(nat.address.from);
  const to = toBigInt(nat.address.to);
  if (nat.nat === 'netmap') return fromBigInt((toBigInt(mine) & (from ^ to)) | from, packet.family);
  if (from === to) return nat.address.from;
  const size = to - from + 1n;
  for (let i = 0n; i < size - 1n && i < 15n; i++) {
    if (
      world.choose({
        key: `nat range ${ns.id} ${nat.address.from} ${i}`,
        why: 'chance',
        text: `which address of ${nat.address.from}-${nat.address.to} the translation picks`,
      })
    )
      return fromBigInt(from + i, packet.family);
  }
  return nat.address.to;
}

function portFor(world: World, nat: ResolvedNat, current: number): number {
  if (!nat.port || (current >= nat.port.from && current <= nat.port.to)) return current;
  if (nat.port.from !== nat.port.to)
    caveat(world, 'PORT_CHOSEN_BY_NAT', `the translation picks a port of ${nat.port.from}-${nat.port.to}; the first was taken`);
  return nat.port.from;
}

/** nf_nat_packet: rewrites the packet as its connection says, for the translation that this hook makes. */
export function apply(skb: Skb, hook: string): void {
  const entry = skb.ct?.entry;
  if (!entry || !skb.ct) return;
  const manip = manipAt(hook);
  const reply = skb.ct.direction === 'reply';
  const touched = (manip === 'src') !== reply ? entry.snat : entry.dnat;
  if (!touched) return;
  const target = inverted(reply ? entry.original : entry.reply);
  if (skb.packet.error) {
    translateError(skb, entry, manip, reply);
    return;
  }
  skb.packet = manip === 'dst' ? { ...skb.packet, dst: target.dst, dport: target.dport } : { ...skb.packet, src: target.src, sport: target.sport };
}

/** nf_nat_icmp_reply_translation: the packet inside is turned back, and the outside made to look like the answer. */
function translateError(skb: Skb, entry: ConntrackEntry, manip: Manip, reply: boolean): void {
  const error = skb.packet.error!;
  const target = inverted(reply ? entry.original : entry.reply);
  const about = manip === 'dst' ? { ...error.about, src: target.dst, sport: target.dport } : { ...error.about, dst: target.src, dport: target.sport };
  skb.packet = { ...skb.packet, ...(manip === 'dst' ? { dst: target.dst } : { src: target.src }), error: { ...error, about } };
}
