/** What is sent back when a packet cannot go on: icmp_send, icmpv6_send, and the answers of REJECT. */
import type { RejectWith } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { inPrefix } from '../util/ip.ts';
import { attachRelated } from './conntrack.ts';
import { linksOf } from './index-netns.ts';
import { ICMP, ICMP6, icmpError, newSkb } from './skb.ts';
import type { Skb } from './types.ts';
import { sysctl } from './world.ts';

/** No error about an error (RFC 1122 3.2.2), a broadcast, or a packet without a sender. */
function mayComplain(packet: Packet): boolean {
  return !packet.error && packet.src !== '0.0.0.0' && packet.src !== '::' && !inPrefix('224.0.0.0/4', packet.dst) && !inPrefix('ff00::/8', packet.dst);
}

/**
 * The error for `skb`, with conntrack attached as icmp_glue_bits does. `src` is left empty where the route back decides it;
 * a packet for one of this namespace's own addresses is answered from that address.
 */
export function errorFor(ns: Netns, skb: Skb, type: number, code: number, iif: string | null): Skb | null {
  const { packet } = skb;
  if (!mayComplain(packet)) return null;
  let src = linksOf(ns).addresses.has(packet.dst) ? packet.dst : '';
  if (!src && packet.family === 4 && iif && sysctl(ns, 'ipv4.icmp_errors_use_inbound_ifaddr') !== 0) {
    src =
      linksOf(ns)
        .links.get(iif)
        ?.addresses.find((a) => a.family === 4)?.address ?? '';
  }
  // __icmp_send: precedence "internetwork control", the rest as in the packet that it is about
  const dscp = packet.family === 4 ? 48 | (packet.dscp & 7) : 0;
  const error = newSkb({ ...icmpError(packet, src, type, code), dscp });
  if (packet.family === 4 && sysctl(ns, 'ipv4.fwmark_reflect') !== 0) error.packet = { ...error.packet, mark: packet.mark };
  attachRelated(error, skb);
  return error;
}

const ICMPX = {
  4: { 'no-route': 0, 'port-unreachable': 3, 'host-unreachable': 1, 'admin-prohibited': 13 },
  6: { 'no-route': 0, 'port-unreachable': 4, 'host-unreachable': 3, 'admin-prohibited': 1 },
} as const;

/** nf_send_unreach and nf_send_reset. */
export function rejectPacket(ns: Netns, skb: Skb, how: RejectWith): Skb | null {
  const { packet } = skb;
  if (how.kind === 'tcp-reset') {
    if (packet.protocol !== 'tcp' || packet.tcpFlags & 4) return null;
    // nf_send_reset: what came in by a bridge port is answered on that port, and so keeps the address that the packet was translated to.
    const { physIn, etherSrc, etherDst } = skb;
    const direct = physIn && etherSrc && etherDst ? { dev: physIn, src: etherDst, dst: etherSrc } : undefined;
    const reset = { ...newSkb(resetOf(packet)), ...(direct ? { direct } : {}) };
    attachRelated(reset, skb);
    return reset;
  }
  if (how.kind === 'icmpx') return errorFor(ns, skb, packet.family === 4 ? ICMP.unreachable : ICMP6.unreachable, ICMPX[packet.family][how.code], null);
  return errorFor(ns, skb, how.type, how.code, null);
}

/** The RST that answers a segment (RFC 9293, 3.10.7.1). */
export function resetOf(packet: Packet): Packet {
  return {
    ...packet,
    src: packet.dst,
    dst: packet.src,
    sport: packet.dport,
    dport: packet.sport,
    tcpFlags: 4 | 16,
    ttl: 64,
    mark: 0,
    dscp: 0,
    length: packet.family === 4 ? 40 : 60,
    icmp: null,
    error: null,
  };
}
