/** A member of an ipset as `ipset save` prints it: `10.0.0.0/8,tcp:80,eth0`. */
import type { Value } from '../../model/firewall.ts';
import { familyOf, parsePrefix, toBigInt } from '../../util/ip.ts';
import { ANY, one, range } from '../build.ts';
import { icmpType } from '../names/icmp.ts';
import { protocolNumber } from '../names/protocols.ts';
import { macToBigInt } from '../packet-fields.ts';
import { address, number, ports } from '../words.ts';

export interface EntryType {
  readonly type: string;
  readonly family: 4 | 6 | undefined;
  readonly dimensions: readonly string[];
  readonly netmask: number | null;
}

/** Prefix length of `24` or `255.255.255.0`; null for a mask with holes. */
export function prefixOfMask(text: string, family: 4 | 6): number | null {
  const prefix = parsePrefix(`${family === 4 ? '0.0.0.0' : '::'}/${text}`);
  return prefix?.family === family ? prefix.length : null;
}

function cut(value: bigint, length: number, family: 4 | 6): Value {
  const bits = family === 4 ? 32 : 128;
  const host = (1n << BigInt(bits - length)) - 1n;
  return range(value & ~host, value | host);
}

function ip(text: string, type: EntryType): Value | null {
  const family = type.family ?? 4;
  const dash = text.indexOf('-');
  if (dash >= 0) {
    const [from, to] = [address(text.slice(0, dash), family), address(text.slice(dash + 1), family)];
    return from === null || to === null ? null : range(from, to);
  }
  if (familyOf(text) === family) return type.netmask === null ? one(toBigInt(text)) : cut(toBigInt(text), type.netmask, family);
  const prefix = parsePrefix(text);
  return prefix?.family === family ? { from: prefix.from, to: prefix.to } : null;
}

/** `tcp:80`, `udp:1-5`, `icmp:echo-request`, `ipv6-icmp:135/0`, `47:0`; `80` for bitmap:port and tcp. */
function port(text: string, type: EntryType): Value | null {
  const colon = text.indexOf(':');
  if (type.type === 'bitmap:port') return ports(text.replace('-', ':'));
  const protocol = colon < 0 ? 6 : protocolNumber(text.slice(0, colon));
  if (protocol === null) return null;
  const rest = text.slice(colon + 1);
  const base = BigInt(protocol) << 16n;
  if (protocol === 1 || protocol === 58) {
    const kind = icmpType(rest, protocol === 1 ? 4 : 6);
    if (!kind || kind === 'any') return null;
    // a name or a type alone stands for code 0
    const code = rest.includes('/') ? kind.codes[0] : kind.codes[0] === kind.codes[1] ? kind.codes[0] : 0;
    return one(base | BigInt(kind.type * 256 + code));
  }
  const value = ports(rest.replace('-', ':'));
  return value && 'from' in value ? { from: base | value.from, to: base | value.to } : null;
}

function dimension(kind: string, text: string, type: EntryType, wildcard: boolean): Value | null {
  switch (kind) {
    case 'ip':
    case 'net':
      return ip(text, type);
    case 'port':
      return port(text, type);
    case 'mac': {
      const mac = macToBigInt(text);
      return mac === null ? null : one(mac);
    }
    case 'iface':
      if (text.startsWith('physdev:') || text === '' || text.includes('*')) return null;
      return { ifname: wildcard ? `${text}*` : text };
    case 'mark': {
      const mark = number(text);
      return mark === null ? null : one(mark);
    }
    default:
      return null;
  }
}

/** The key of a member; `wildcard`: its interface is the beginning of a name. Null: not understood. */
export function entryKey(entry: string, type: EntryType, wildcard: boolean): readonly Value[] | null {
  const parts = entry.split(',');
  // bitmap:ip,mac takes members without an address of a card: any card then
  if (type.type === 'bitmap:ip,mac' && parts.length === 1) {
    const value = ip(parts[0]!, type);
    return value && [value, ANY];
  }
  if (parts.length !== type.dimensions.length) return null;
  const key: Value[] = [];
  for (const [i, kind] of type.dimensions.entries()) {
    const value = dimension(kind, parts[i]!, type, wildcard);
    if (!value) return null;
    key.push(value);
  }
  return key;
}
