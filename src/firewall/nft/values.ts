/** Constants of nft rules and sets. Null: not understood. */
import type { Value } from '../../model/firewall.ts';
import { familyOf, parsePrefix, toBigInt } from '../../util/ip.ts';
import { ANY, one, range } from '../build.ts';
import { macToBigInt } from '../packet-fields.ts';
import { ADDRESS_TYPES, NAME_TYPES, SYMBOLS } from './datatypes.ts';
import { isObject, type Json, member } from './json.ts';

/** A single value: number, or name of an interface. Lists and `|` are flags put together. */
export function scalar(json: Json, type: string): bigint | { readonly ifname: string } | null {
  switch (typeof json) {
    case 'number':
      return Number.isSafeInteger(json) && json >= 0 ? BigInt(json) : null;
    case 'boolean':
      return json ? 1n : 0n;
    case 'string':
      return named(json, type);
    default: {
      const flags = Array.isArray(json) ? json : member(json, '|');
      if (!Array.isArray(flags)) return null;
      let mask = 0n;
      for (const flag of flags) {
        const bit = Array.isArray(flag) ? null : scalar(flag, type);
        if (typeof bit !== 'bigint') return null;
        mask |= bit;
      }
      return mask;
    }
  }
}

function named(text: string, type: string): bigint | { readonly ifname: string } | null {
  if (NAME_TYPES.has(type)) {
    // an escaped asterisk is one in the name, which a pattern cannot say; a number is the index of an interface that is gone
    if (text.includes('\\') || text === '' || (type === 'iface_index' && /^\d+$/.test(text))) return null;
    return { ifname: text };
  }
  if (ADDRESS_TYPES.has(type)) {
    const family = familyOf(text);
    if (family === null || (type === 'ipv4_addr' && family !== 4) || (type === 'ipv6_addr' && family !== 6)) return null;
    return toBigInt(text);
  }
  if (type === 'ether_addr') return macToBigInt(text);
  const symbols = Object.hasOwn(SYMBOLS, type) ? SYMBOLS[type]! : {};
  if (Object.hasOwn(symbols, text)) return symbols[text]!;
  return /^(0x[0-9a-f]{1,32}|\d{1,39})$/i.test(text) ? BigInt(text) : null;
}

/** A value, prefix or range. */
export function value(json: Json, type: string): Value | null {
  if (isObject(json)) {
    const prefix = json.prefix;
    if (prefix !== undefined) {
      const parsed = parsePrefix(`${member(prefix, 'addr')}/${member(prefix, 'len')}`);
      return parsed && ADDRESS_TYPES.has(type) ? { from: parsed.from, to: parsed.to } : null;
    }
    if (Array.isArray(json.range)) {
      const [from, to] = [scalar(json.range[0], type), scalar(json.range[1], type)];
      return json.range.length === 2 && typeof from === 'bigint' && typeof to === 'bigint' ? range(from, to) : null;
    }
    if (json.elem !== undefined) return value(member(json.elem, 'val'), type);
  }
  const single = scalar(json, type);
  return typeof single === 'bigint' ? one(single) : single;
}

/** One entry a dimension; `*` alone is the catch-all element. */
export function key(json: Json, types: readonly string[]): readonly Value[] | null {
  const inner = isObject(json) && json.elem !== undefined ? member(json.elem, 'val') : json;
  if (inner === '*') return types.map((type) => (NAME_TYPES.has(type) ? { ifname: '*' } : ANY));
  const concat = member(inner, 'concat');
  const parts = Array.isArray(concat) ? concat : [inner];
  if (parts.length !== types.length) return null;
  const values: Value[] = [];
  for (const [i, part] of parts.entries()) {
    const parsed = value(part, types[i]!);
    if (parsed === null) return null;
    values.push(parsed);
  }
  return values;
}

/** True for the element that stands for every key that no other has. */
export function isCatchAll(json: Json): boolean {
  return json === '*' || member(member(json, 'elem'), 'val') === '*';
}
