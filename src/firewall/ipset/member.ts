/** Membership in ipset(8) sets: net/netfilter/ipset/ip_set_core.c, ip_set_hash_gen.h, ip_set_getport.c. */
import type { NamedSet, SetElement, Statement, Value } from '../../model/firewall.ts';
import { toBigInt } from '../../util/ip.ts';
import { holds } from '../compare.ts';
import type { EvalContext } from '../context.ts';
import { find } from '../lookup.ts';
import { macToBigInt, protocolOf } from '../packet-fields.ts';
import { big, missing, type Result, type Truth } from '../result.ts';

type IpsetMatch = Extract<Statement, { kind: 'ipset' }>;
const DEEPEST = 8;

export function inIpset(statement: IpsetMatch, ctx: EvalContext, sets: ReadonlyMap<string, NamedSet>): Truth {
  const truth = member(statement, statement.set, ctx, sets, 0);
  if (typeof truth === 'object') return truth;
  return (truth === 'yes') === statement.negate ? 'no' : 'yes';
}

function member(statement: IpsetMatch, name: string, ctx: EvalContext, sets: ReadonlyMap<string, NamedSet>, depth: number): Truth {
  const named = sets.get(name);
  if (!named) return missing(`the members of ipset ${name}`);
  if (named.unknown !== undefined) return missing(`the members of ipset ${name}: ${named.unknown}`);
  if (named.family !== undefined && named.family !== ctx.family) return 'no';
  if (named.type === 'list:set') return listed(statement, named, ctx, sets, depth);
  const dimensions = (named.type.split(':')[1] ?? '').split(',');
  // ip_set_test: fewer directions than dimensions never match
  if (statement.dirs.length < dimensions.length) return 'no';
  const key: Result[] = [];
  for (const [i, dimension] of dimensions.entries()) {
    const part = dimensionOf(dimension, statement.dirs[i] === 'src', named, ctx);
    if (part === null) return 'no';
    key.push(part);
  }
  const unknown = key.find((part) => part !== null && typeof part === 'object');
  if (unknown !== undefined && typeof unknown === 'object' && unknown !== null) return unknown;
  return hit(named, key, statement.returnNomatch) ? 'yes' : 'no';
}

function listed(statement: IpsetMatch, list: NamedSet, ctx: EvalContext, sets: ReadonlyMap<string, NamedSet>, depth: number): Truth {
  if (depth > DEEPEST) return missing(`the members of ipset ${list.name}, which holds itself`);
  let unknown: Truth = 'no';
  for (const name of list.members ?? []) {
    // list_set_ktest clears the flag for its members
    const truth = member({ ...statement, returnNomatch: false }, name, ctx, sets, depth + 1);
    if (truth === 'yes') return 'yes';
    if (truth !== 'no') unknown = truth;
  }
  return unknown;
}

/** Value of one dimension; null: the packet has none, and is not in the set. */
function dimensionOf(dimension: string, source: boolean, set: NamedSet, ctx: EvalContext): Result {
  if (ctx.arp) return null;
  switch (dimension) {
    case 'ip':
    case 'net':
      return toBigInt(source ? ctx.packet.src : ctx.packet.dst);
    case 'port':
      return port(source, set.type === 'bitmap:port', ctx);
    case 'mac': {
      const address = source ? ctx.etherSrc : ctx.etherDst;
      return address === null ? null : macToBigInt(address);
    }
    case 'iface':
      return (source ? ctx.iif : ctx.oif) ?? null;
    case 'mark':
      return big(ctx.packet.mark);
    default:
      return missing(`ipset type ${set.type}`);
  }
}

/** Hash types keep protocol and port together; ICMP has its type and code there. bitmap:port takes the port alone. */
function port(source: boolean, bitmap: boolean, ctx: EvalContext): Result {
  const { packet } = ctx;
  if (packet.protocol === 'icmp') return bitmap || !packet.icmp ? null : BigInt(protocolOf(packet) * 65536 + packet.icmp.type * 256 + packet.icmp.code);
  const number = source ? packet.sport : packet.dport;
  return bitmap ? big(number) : BigInt(protocolOf(packet) * 65536 + number);
}

/** The narrowest networks are tried first, and the first found decides: a `nomatch` element is an exception to wider ones. */
function hit(set: NamedSet, key: readonly Result[], returnNomatch: boolean): boolean {
  if (!hasNomatch(set.elements)) return !returnNomatch && find(set.elements, key).kind === 'one';
  let best: SetElement | null = null;
  for (const element of set.elements) {
    const inside = element.key.length === key.length && element.key.every((value, i) => holds(value, key[i] as bigint | string));
    if (inside && (best === null || narrower(element, best))) best = element;
  }
  return best !== null && (best.nomatch ?? false) === returnNomatch;
}

const exceptions = new WeakMap<readonly SetElement[], boolean>();
function hasNomatch(elements: readonly SetElement[]): boolean {
  let has = exceptions.get(elements);
  if (has === undefined) {
    has = elements.some((element) => element.nomatch);
    exceptions.set(elements, has);
  }
  return has;
}

const width = (value: Value) => ('ifname' in value ? 0n : value.to - value.from);
function narrower(a: SetElement, b: SetElement): boolean {
  for (const [i, value] of a.key.entries()) {
    const [x, y] = [width(value), width(b.key[i]!)];
    if (x !== y) return x < y;
  }
  return false;
}
