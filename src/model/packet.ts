/** A packet on its walk. Addresses are canonical text. */
import type { IpVersion } from './network.ts';

export type Protocol = 'tcp' | 'udp' | 'icmp';

export interface IcmpError {
  readonly type: number;
  readonly code: number;
  /** The packet that provoked it, as it was where the error was made. */
  readonly about: Packet;
}

export interface Packet {
  readonly family: IpVersion;
  readonly protocol: Protocol;
  readonly src: string;
  readonly dst: string;
  /** For icmp echo: the identifier. */
  readonly sport: number;
  /** For icmp echo: the identifier. */
  readonly dport: number;
  /** fwmark; a property of the skb, gone when it leaves the host. */
  readonly mark: number;
  readonly ttl: number;
  readonly dscp: number;
  /** Whole IP packet in octets. */
  readonly length: number;
  /** TCP flags, RFC 9293: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly tcpFlags: number;
  /** icmp: type and code; for errors the packet complained about. */
  readonly icmp: { readonly type: number; readonly code: number } | null;
  readonly error: IcmpError | null;
}
