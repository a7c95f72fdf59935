/** A packet in the kernel's hands: what travels with it beside its bytes. */
import type { IcmpError, Packet } from '../model/packet.ts';
import type { Skb } from './types.ts';

export function newSkb(packet: Packet, owner: Skb['owner'] = null, boundDev: string | null = null): Skb {
  return { packet, ct: null, notrack: false, physIn: null, etherSrc: null, etherDst: null, owner, boundDev };
}

/** What is left of an skb on entering another namespace (skb_scrub_packet): the packet, without mark and conntrack. */
export function scrubbed(skb: Skb, crossed: boolean): Skb {
  return { ...newSkb(crossed ? { ...skb.packet, mark: 0 } : skb.packet), etherSrc: skb.etherSrc, etherDst: skb.etherDst };
}

const PROTO = { tcp: 6, udp: 17 } as const;

/** Stands where a frame carries no IP packet. */
export const NO_PACKET: Packet = {
  family: 4,
  protocol: 'udp',
  src: '0.0.0.0',
  dst: '0.0.0.0',
  sport: 0,
  dport: 0,
  mark: 0,
  ttl: 1,
  dscp: 0,
  length: 28,
  tcpFlags: 0,
  icmp: null,
  error: null,
};

/** IANA protocol number on the wire. */
export function l4proto(packet: Packet): number {
  if (packet.protocol !== 'icmp') return PROTO[packet.protocol];
  return packet.family === 4 ? 1 : 58;
}

/** ICMP types of RFC 792 and RFC 4443. */
export const ICMP = { echoReply: 0, unreachable: 3, echo: 8, timeExceeded: 11 } as const;
export const ICMP6 = {
  unreachable: 1,
  tooBig: 2,
  timeExceeded: 3,
  echo: 128,
  echoReply: 129,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
} as const;

export function isNeighbourDiscovery(packet: Packet): boolean {
  return packet.family === 6 && packet.icmp !== null && packet.icmp.type >= 133 && packet.icmp.type <= 137;
}

/** An ICMP error about `about`, sent from `src` back to its sender. */
export function icmpError(about: Packet, src: string, type: number, code: number): Packet {
  const error: IcmpError = { type, code, about };
  return {
    family: about.family,
    protocol: 'icmp',
    src,
    dst: about.src,
    sport: 0,
    dport: 0,
    mark: 0,
    ttl: 64,
    dscp: 0,
    length: Math.min(576, about.length + 28),
    tcpFlags: 0,
    icmp: { type, code },
    error,
  };
}
