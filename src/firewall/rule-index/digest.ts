/** Addresses rounded to four prefix lengths, each a 32-bit word: of IPv4 the bits themselves, of IPv6 a hash of them. */

/** Prefix length of classes 1 to 4 in bits. Class 0 is any address. */
const V6_BITS = [0n, 32n, 48n, 64n, 128n] as const;

export function digestV4(address: number, klass: number): number {
  return klass === 4 ? address | 0 : address >>> (32 - 8 * klass);
}

export function digestV6(address: bigint, klass: number): number {
  let rest = address >> (128n - V6_BITS[klass]!);
  let hash = klass;
  while (rest > 0n) {
    hash = Math.imul(hash ^ Number(rest & 0xffffffffn), 0x9e3779b1);
    hash ^= hash >>> 15;
    rest >>= 32n;
  }
  return hash;
}

/** The longest class whose prefix holds the whole range. */
export function classV4(from: number, to: number): number {
  return Math.clz32(from ^ to) >> 3;
}

export function classV6(from: bigint, to: bigint): number {
  for (let klass = 4; klass > 0; klass--) {
    const rest = 128n - V6_BITS[klass]!;
    if (from >> rest === to >> rest) return klass;
  }
  return 0;
}
