/** What a packet says in numbers. */
import type { Packet } from '../model/packet.ts';
import type { EvalContext } from './context.ts';

/** IP protocol number; ICMP has one for each family. */
export function protocolOf(packet: Packet): number {
  switch (packet.protocol) {
    case 'tcp':
      return 6;
    case 'udp':
      return 17;
    case 'icmp':
      return packet.family === 4 ? 1 : 58;
  }
}

/** True for an ICMP message that complains about another packet; only echoes carry an identifier here. */
export function icmpError(packet: Packet): boolean {
  if (!packet.icmp) return false;
  const { type } = packet.icmp;
  return packet.family === 4 ? type !== 0 && type !== 8 : type !== 128 && type !== 129;
}

/** include/uapi/linux/if_packet.h */
export const PKTTYPES: Readonly<Record<EvalContext['pkttype'], bigint>> = { unicast: 0n, broadcast: 1n, multicast: 2n, other: 3n };

const macs = new Map<string, bigint | null>();
/** Value of `aa:bb:cc:dd:ee:ff`; null when it is none. */
export function macToBigInt(text: string): bigint | null {
  let value = macs.get(text);
  if (value === undefined) {
    value = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(text)
      ? BigInt(
          `0x${text
            .split(':')
            .map((part) => part.padStart(2, '0'))
            .join('')}`,
        )
      : null;
    if (macs.size > 10_000) macs.clear();
    macs.set(text, value);
  }
  return value;
}
