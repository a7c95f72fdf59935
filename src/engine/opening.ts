/** What a program's call does before its first packet goes: an address is chosen, some targets are refused. */
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { evidenceOf } from './recorder.ts';
import { outputKey, routeOutput } from './route-output.ts';
import { selectAddress6 } from './source-address.ts';
import type { Why, World } from './types.ts';

interface Opened {
  readonly packet: Packet;
  /** The packet's route is looked for without a source address, though the first look-up has chosen one. */
  readonly anySource: boolean;
}

/**
 * ip_route_connect: a first look-up chooses the source address; the packet's own look-up then goes by it too. For echoes (raw_sendmsg) and
 * IPv6 (ip6_dst_lookup_tail) the first one stands, unless it found nothing.
 */
export function open(world: World, netns: Netns, packet: Packet): Opened {
  if (packet.src !== '') return { packet, anySource: false };
  const found = routeOutput(world, netns, outputKey(packet));
  const src = found.kind === 'out' ? found.src : packet.family === 6 ? selectAddress6(netns, '', packet.dst) : null;
  if (src === null) return { packet, anySource: false };
  return { packet: { ...packet, src }, anySource: found.kind === 'out' && (packet.family === 6 || packet.protocol === 'icmp') };
}

/** A connection to a broadcast address is refused by connect() (tcp_v4_connect), a datagram without SO_BROADCAST by sendto(). */
export function toAll(world: World, netns: Netns, packet: Packet): { why: Why; netns: Netns; errno: 'ENETUNREACH' | 'EACCES'; last: Packet } | null {
  if (packet.family !== 4) return null;
  const found = routeOutput(world, netns, outputKey(packet));
  if (found.kind !== 'out' || !found.broadcast) return null;
  const { type, dst, source } = found.lookup.route;
  const errno = packet.protocol === 'tcp' ? 'ENETUNREACH' : 'EACCES';
  const why: Why = {
    key: `${netns.id}|broadcast|${packet.dst}`,
    disposition: 'no-route',
    text: `${packet.dst} is a ${type} address`,
    address: packet.dst,
    detail: errno,
    packet,
    evidence: [evidenceOf(world.model, netns, source, `${type} ${dst} dev ${found.dev}`)],
  };
  return { why, netns, errno, last: packet };
}
