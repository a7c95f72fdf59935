/** Rules and packets as 32-bit words, so that a rule is one cache line and the two are compared without an allocation. */

/** Words of a rule. Classes and digests as in `digest.ts`. */
export const RULE = {
  /** 0: any. */
  family: 0,
  /** -1: any. */
  protocol: 1,
  sportFrom: 2,
  sportTo: 3,
  dportFrom: 4,
  dportTo: 5,
  /** Number of a name; negative: any other; 0: any. */
  iif: 6,
  oif: 7,
  srcClass: 8,
  src: 9,
  dstClass: 10,
  dst: 11,
} as const;
export const RULE_WORDS = 16;

/** Words of a packet. The digest of class c of its source stands at `src + c`. */
export const PACKET = { family: 0, protocol: 1, sport: 2, dport: 3, iif: 4, oif: 5, src: 5, dst: 9 } as const;
export const PACKET_WORDS = 14;

/** False: the rule does not match the packet. True: it may. */
export function fits(rules: Int32Array, at: number, packet: Int32Array): boolean {
  const family = rules[at]!;
  if (family !== 0 && family !== packet[0]) return false;
  const protocol = rules[at + 1]!;
  if (protocol >= 0 && protocol !== packet[1]) return false;
  if (packet[2]! < rules[at + 2]! || packet[2]! > rules[at + 3]! || packet[3]! < rules[at + 4]! || packet[3]! > rules[at + 5]!) return false;
  const iif = rules[at + 6]!;
  if (iif > 0 ? iif !== packet[4] : iif < 0 && -iif === packet[4]) return false;
  const oif = rules[at + 7]!;
  if (oif > 0 ? oif !== packet[5] : oif < 0 && -oif === packet[5]) return false;
  const src = rules[at + 8]!;
  if (src !== 0 && rules[at + 9] !== packet[5 + src]) return false;
  const dst = rules[at + 10]!;
  return dst === 0 || rules[at + 11] === packet[9 + dst];
}
