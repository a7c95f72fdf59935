/** Values as iptables prints them. Null: not understood. */
import type { Value } from '../model/firewall.ts';
import { familyOf, parsePrefix, toBigInt } from '../util/ip.ts';
import { one, range } from './build.ts';

/** Decimal, octal (leading 0) or hexadecimal, up to `most`. */
export function number(text: string | undefined, most: number | bigint = 0xffffffff): bigint | null {
  if (text === undefined || !/^(0x[0-9a-f]+|\d+)$/i.test(text) || text.length > 20) return null;
  const value = /^0\d/.test(text) ? (/^0[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : null) : BigInt(text);
  return value === null || value > BigInt(most) ? null : value;
}

/** `A`, `A:B`, `:B`, `A:`. */
export function span(text: string | undefined, most: number, separator = ':'): Value | null {
  if (text === undefined) return null;
  const parts = text.split(separator);
  if (parts.length > 2) return null;
  const from = parts[0] === '' && parts.length === 2 ? 0n : number(parts[0], most);
  const to = parts.length === 1 ? from : parts[1] === '' ? BigInt(most) : number(parts[1], most);
  return from === null || to === null ? null : range(from, to);
}

export const ports = (text: string | undefined): Value | null => span(text, 65535);

/** `value` or `value/mask`; the mask is all ones when not given. */
export function valueMask(text: string | undefined, most: number = 0xffffffff): { readonly value: bigint; readonly mask: bigint } | null {
  const [left, right, more] = (text ?? '').split('/');
  const value = number(left, most);
  const mask = right === undefined ? BigInt(most) : number(right, most);
  return value === null || mask === null || more !== undefined ? null : { value, mask };
}

/** `eth0`, `eth+`. A name with a literal `*` cannot be told from a pattern. */
export function interfaceName(text: string | undefined): Value | null {
  if (text === undefined || text === '' || text.includes('*')) return null;
  return { ifname: text.endsWith('+') ? `${text.slice(0, -1)}*` : text };
}

export function address(text: string | undefined, family: 4 | 6): bigint | null {
  return text !== undefined && familyOf(text) === family ? toBigInt(text) : null;
}

/** `A-B` or `A`. */
export function addressRange(text: string | undefined, family: 4 | 6): { readonly from: bigint; readonly to: bigint } | null {
  const [first, last, more] = (text ?? '').split('-');
  const from = address(first, family);
  const to = last === undefined ? from : address(last, family);
  return from === null || to === null || more !== undefined ? null : { from, to };
}

/** `a.b.c.d` or `a.b.c.d/n`, the common case, without a regular expression; null: some other spelling. */
function plainV4(text: string): Value | null {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 47;
    if (c >= 48 && c <= 57) {
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return null;
    } else if (octet < 0) return null;
    else if (c === 46 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else if (c === 47 && dots === 3) {
      const rest = text.slice(i + 1);
      const length = rest === '' ? 32 : Number(rest);
      if (!Number.isInteger(length) || length > 32 || rest.length > 2 || (rest === '' && i < text.length)) return null;
      const size = 2 ** (32 - length);
      const address = value * 256 + octet;
      const from = address - (address % size);
      return range(from, from + size - 1);
    } else return null;
  }
  return null;
}

/** An address with a prefix length or a mask; a mask may have holes. */
export function addressMask(text: string | undefined, family: 4 | 6): { readonly value: Value } | { readonly mask: bigint; readonly value: Value } | null {
  if (text === undefined) return null;
  const plain = family === 4 ? plainV4(text) : null;
  if (plain) return { value: plain };
  const prefix = parsePrefix(text);
  if (prefix) return prefix.family === family ? { value: { from: prefix.from, to: prefix.to } } : null;
  const [base, mask] = text.split('/');
  const value = address(base, family);
  const bits = address(mask, family);
  return value === null || bits === null ? null : { mask: bits, value: one(value & bits) };
}
