/** What is asked of the walk, the packets of a conversation, and how it can end. */
import type { Symptom, Trace } from '../model/answer.ts';
import type { Gap } from '../model/evidence.ts';
import type { Listener, Netns } from '../model/network.ts';
import type { Packet, Protocol } from '../model/packet.ts';
import { familyOf } from '../util/ip.ts';
import type { RecordedHop } from './recorder.ts';
import { ICMP, ICMP6 } from './skb.ts';
import type { Death, Why } from './types.ts';

export type Origin =
  | { readonly kind: 'netns'; readonly netns: Netns; readonly address: string | null }
  | { readonly kind: 'outside'; readonly address: string; readonly port: { readonly netns: Netns; readonly dev: string; readonly mac: string } };

export interface Talk {
  readonly origin: Origin;
  readonly dst: string;
  readonly protocol: Protocol;
  readonly sport: number;
  /** For icmp the identifier. */
  readonly dport: number;
  /** The target is any place outside the model, not an address of its own. */
  readonly outsideTarget: boolean;
}

/** What one walk came to. */
export interface Ending {
  readonly result: 'open' | 'closed' | 'unknown';
  readonly symptom: Symptom;
  readonly soft: boolean;
  readonly direction: 'request' | 'reply';
  readonly why: Why | null;
  readonly netns: Netns | null;
  readonly forward: readonly RecordedHop[];
  readonly reply: readonly RecordedHop[] | null;
  readonly disposition: Trace['disposition'];
  readonly listener: { readonly netns: Netns; readonly socket: Listener } | null;
  /** The connection was accepted and then nothing, or a reset, came. */
  readonly accepted: boolean;
  readonly gap: Gap | null;
  /** The connection was made, and then reset. */
  readonly reset: boolean;
  /** errno of the send itself, where that failed. */
  readonly errno: string | null;
  /** The refusal was sent, and this lost it on its way back. */
  readonly answerLost: Death | null;
  /** The packet as it last was on its way out. */
  readonly last: Packet | null;
}

export const SYN = 2;
export const RST = 4;
export const ACK = 16;
const LENGTH = { tcp: { 4: 60, 6: 80 }, udp: { 4: 33, 6: 53 }, icmp: { 4: 84, 6: 104 } } as const;

/** The packet that opens it; its source is empty until the route chooses one. */
export function firstPacket(talk: Talk): Packet {
  const family = familyOf(talk.dst) ?? 4;
  return {
    family,
    protocol: talk.protocol,
    src: talk.origin.address ?? '',
    dst: talk.dst,
    sport: talk.sport,
    dport: talk.dport,
    mark: 0,
    ttl: 64, // the route of a sender in the model says otherwise
    dscp: 0,
    length: LENGTH[talk.protocol][family],
    tcpFlags: talk.protocol === 'tcp' ? SYN : 0,
    icmp: talk.protocol === 'icmp' ? { type: family === 4 ? ICMP.echo : ICMP6.echo, code: 0 } : null,
    error: null,
  };
}

/** The first packet back: SYN-ACK, the datagram turned round, the echo reply. */
export function answerTo(packet: Packet): Packet {
  return {
    ...packet,
    src: packet.dst,
    dst: packet.src,
    sport: packet.dport,
    dport: packet.sport,
    mark: 0,
    ttl: 64,
    dscp: packet.icmp ? packet.dscp : 0, // icmp_reply
    tcpFlags: packet.protocol === 'tcp' ? SYN | ACK : 0,
    icmp: packet.icmp ? { type: packet.family === 4 ? ICMP.echoReply : ICMP6.echoReply, code: 0 } : null,
    error: null,
  };
}
