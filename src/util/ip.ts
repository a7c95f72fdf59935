/** Addresses and prefixes, on top of ipaddr.js. Text in, canonical text or bigint out. */
import ipaddr from 'ipaddr.js';

export interface Prefix {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
  readonly length: number;
}

// route tables and rules ask the same addresses and prefixes again and again
const numbers = new Map<string, bigint>();
const prefixes = new Map<string, Prefix | null>();

function bytesToBigInt(bytes: readonly number[]): bigint {
  let n = 0n;
  for (const b of bytes) n = (n << 8n) | BigInt(b);
  return n;
}

/** Big-endian value of an address; throws on text that is not one (parse at the edge first). */
export function toBigInt(address: string): bigint {
  let n = numbers.get(address);
  if (n === undefined) {
    n = bytesToBigInt(ipaddr.parse(address).toByteArray());
    if (numbers.size > 100_000) numbers.clear();
    numbers.set(address, n);
  }
  return n;
}

/** Canonical text (RFC 5952) of an address value. */
export function fromBigInt(value: bigint, family: 4 | 6): string {
  const size = family === 4 ? 4 : 16;
  const bytes: number[] = [];
  for (let i = size - 1; i >= 0; i--) bytes.push(Number((value >> BigInt(8 * i)) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

const families = new Map<string, 4 | 6 | null>();

/** 4, 6, or null when the text is not an address. A zone (`%eth0`) is not part of one. */
export function familyOf(text: string): 4 | 6 | null {
  let family = families.get(text);
  if (family === undefined) {
    family = ipaddr.IPv4.isValidFourPartDecimal(text) ? 4 : text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? 6 : null;
    if (families.size > 100_000) families.clear();
    families.set(text, family);
  }
  return family;
}

/** Canonical text of an address; throws on text that is not one. */
export function canonical(address: string): string {
  return ipaddr.parse(address).toString();
}

/** `a.b.c.d`, `a.b.c.d/n`, `a.b.c.d/m.m.m.m`, and the IPv6 forms; null when it is none of them or the mask has holes. */
export function parsePrefix(text: string): Prefix | null {
  let prefix = prefixes.get(text);
  if (prefix === undefined) {
    prefix = readPrefix(text);
    if (prefixes.size > 100_000) prefixes.clear();
    prefixes.set(text, prefix);
  }
  return prefix;
}

function readPrefix(text: string): Prefix | null {
  const [address, mask] = text.split('/');
  const family = familyOf(address ?? '');
  if (!address || !family) return null;
  const bits = family === 4 ? 32 : 128;
  let length: number | null = bits;
  if (mask !== undefined) {
    if (/^\d+$/.test(mask)) length = Number(mask);
    else if (familyOf(mask) === family) length = ipaddr.parse(mask).prefixLengthFromSubnetMask();
    else length = null;
  }
  if (length === null || length > bits) return null;
  const host = (1n << BigInt(bits - length)) - 1n;
  const from = toBigInt(address) & ~host & ((1n << BigInt(bits)) - 1n);
  return { family, from, to: from | host, length };
}

export function contains(prefix: Prefix, address: string): boolean {
  if (familyOf(address) !== prefix.family) return false;
  const n = toBigInt(address);
  return n >= prefix.from && n <= prefix.to;
}

/** `contains` for prefix text. */
export function inPrefix(prefix: string, address: string): boolean {
  const p = parsePrefix(prefix);
  return p !== null && contains(p, address);
}

export function prefixLength(prefix: string): number {
  return parsePrefix(prefix)?.length ?? -1;
}
