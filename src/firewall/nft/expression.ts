/** Expressions of `nft -j`: libnftables-json(5) EXPRESSIONS. What is not modelled becomes an unknown expression. */
import type { Expr, MapRef, Statement } from '../../model/firewall.ts';
import { bitwise, constant, field, match, one } from '../build.ts';
import { FIELD_TYPES } from './datatypes.ts';
import { mapElements } from './elements.ts';
import { DEEPEST, isObject, type Json, member, strings, tagged, verbatim } from './json.ts';
import { isField } from './known-fields.ts';
import { expressionText } from './text-expression.ts';
import { scalar } from './values.ts';

export interface Typed {
  readonly expr: Expr;
  readonly type: string;
}

/** Statements that the kernel's program has before the expression and that the listing leaves out. */
export type Guards = Statement[];

const OPERATORS = { '&': 'and', '|': 'or', '^': 'xor', '<<': 'lshift', '>>': 'rshift' } as const;

function unknownExpr(name: string, json: Json): Typed {
  return { expr: { kind: 'unknown', name, text: expressionText(json) ?? verbatim(json) }, type: 'integer' };
}

function typed(name: string): Typed | null {
  return isField(name) ? { expr: field(name), type: FIELD_TYPES[name] ?? 'integer' } : null;
}

/** `expected`: type of the values of a map that is written out, or of a constant. */
export function toExpr(json: Json, guards: Guards, expected = 'integer', depth = 0): Typed {
  const tag = tagged(json);
  if (depth > DEEPEST) return { expr: { kind: 'unknown', name: 'expression', text: 'nested too deep' }, type: 'integer' };
  if (!tag) {
    const single = scalar(json, expected);
    if (single === null) return unknownExpr('value', json);
    return { expr: constant(typeof single === 'bigint' ? single : single.ifname), type: expected };
  }
  const [kind, body] = tag;
  switch (kind) {
    case 'meta':
      return meta(String(member(body, 'key')), json);
    case 'payload':
      return payload(body, json);
    case 'ct':
      return conntrack(body, guards, json);
    case 'fib':
      return fib(body, json);
    case 'numgen':
      return chance(body, json);
    case 'map':
      return map(body, guards, expected, json, depth);
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return arithmetic(kind, body, guards, json, depth);
    case 'prefix':
    case 'range':
    case 'set':
    case 'elem':
      return unknownExpr(kind, json);
    case 'socket':
      return (member(body, 'key') === 'transparent' ? typed('socket.transparent') : null) ?? unknownExpr('socket', json);
    default:
      return unknownExpr(kind, json);
  }
}

function meta(key: string, json: Json): Typed {
  // the listing has the name of the interface; a bare number is handled where the value is known
  if (key === 'iif' || key === 'oif') return { expr: field(`meta.${key}name`), type: 'iface_index' };
  if (key === 'ipsec' || key === 'secpath') return { expr: bitwise('xor', field('policy.none'), 1n), type: 'boolean' };
  if (key === 'random') return { expr: { kind: 'chance', text: 'meta random', modulus: 1n << 32n, offset: 0n }, type: 'integer' };
  return typed(`meta.${key}`) ?? unknownExpr(`meta ${key}`, json);
}

const BASES = { ll: 'link', nh: 'network', th: 'transport' } as const;

function payload(body: Json, json: Json): Typed {
  const base = member(body, 'base');
  if (base !== undefined) {
    const [offset, length] = [member(body, 'offset'), member(body, 'len')];
    if ((base !== 'll' && base !== 'nh' && base !== 'th') || !Number.isInteger(offset) || !Number.isInteger(length)) return unknownExpr('payload', json);
    return { expr: { kind: 'raw', base: BASES[base], offset: offset as number, length: length as number }, type: 'integer' };
  }
  const name = `${member(body, 'protocol')}.${String(member(body, 'field')).replace(' ', '.')}`;
  return typed(name) ?? unknownExpr(name.replace('.', ' '), json);
}

/** nft_ct.c: keys with a family break the rule for connections of the other one. */
function conntrack(body: Json, guards: Guards, json: Json): Typed {
  const key = String(member(body, 'key'));
  const dir = member(body, 'dir');
  if (dir !== undefined) {
    const [, family, rest] = /^(?:(ip6?) )?(.+)$/.exec(key) ?? [];
    const found = typed(`ct.${dir}.${rest}`);
    if (found && family) guards.push(match('ct.l3proto', [one(family === 'ip' ? 2 : 10)]));
    return found ?? unknownExpr(`ct ${dir} ${key}`, json);
  }
  return typed(`ct.${key}`) ?? unknownExpr(`ct ${key}`, json);
}

function fib(body: Json, json: Json): Typed {
  const result = member(body, 'result');
  const flags = strings(member(body, 'flags'));
  const of = flags.includes('saddr') ? 'saddr' : flags.includes('daddr') ? 'daddr' : null;
  if (of === null || (result !== 'type' && result !== 'oif' && result !== 'oifname' && result !== 'check')) return unknownExpr('fib', json);
  const rest = flags.filter((flag): flag is 'iif' | 'oif' | 'mark' => flag === 'iif' || flag === 'oif' || flag === 'mark');
  return {
    expr: { kind: 'fib', result: result === 'type' ? 'type' : 'oifname', of, flags: rest },
    type: result === 'type' ? 'fib_addrtype' : result === 'check' ? 'boolean' : 'ifname',
  };
}

function chance(body: Json, json: Json): Typed {
  const [modulus, offset] = [member(body, 'mod'), member(body, 'offset') ?? 0];
  if (!Number.isSafeInteger(modulus) || !Number.isSafeInteger(offset) || (modulus as number) < 1) return unknownExpr('numgen', json);
  return {
    expr: { kind: 'chance', text: expressionText(json) ?? 'numgen', modulus: BigInt(modulus as number), offset: BigInt(offset as number) },
    type: 'integer',
  };
}

function arithmetic(operator: keyof typeof OPERATORS, body: Json, guards: Guards, json: Json, depth: number): Typed {
  if (!Array.isArray(body) || body.length < 2) return unknownExpr('bitwise', json);
  const first = toExpr(body[0], guards, 'integer', depth + 1);
  // the fragment offset, and the flag that more follow, of a packet that is whole
  if (first.expr.kind === 'unknown' && first.expr.name === 'ip frag-off' && operator === '&' && typeof body[1] === 'number' && body[1] <= 0x3fff)
    return { expr: field('ip.fragment'), type: 'integer' };
  let left = first;
  for (const part of body.slice(1))
    left = { expr: bitwise(OPERATORS[operator], left.expr, toExpr(part, guards, first.type, depth + 1).expr), type: first.type };
  return left;
}

/** `{"concat": [...]}` or a single expression. */
export function toKey(json: Json, guards: Guards, depth = 0): readonly Typed[] {
  const concat = member(json, 'concat');
  return Array.isArray(concat) ? concat.map((part) => toExpr(part, guards, 'integer', depth)) : [toExpr(json, guards, 'integer', depth)];
}

function map(body: Json, guards: Guards, expected: string, json: Json, depth: number): Typed {
  if (!isObject(body)) return unknownExpr('map', json);
  const key = toKey(body.key, guards, depth + 1);
  const ref = mapRef(body.data, key, [expected]);
  return ref ? { expr: { kind: 'map', key: key.map((part) => part.expr), map: ref }, type: expected } : unknownExpr('map', json);
}

/** `"@name"` or `{"set": [[key, value], ...]}`. */
export function mapRef(json: Json, key: readonly Typed[], data: readonly string[] | null): MapRef | null {
  if (typeof json === 'string') return json.startsWith('@') ? { name: json.slice(1) } : null;
  const elements = mapElements(
    member(json, 'set'),
    key.map((part) => part.type),
    data,
  );
  return elements && { elements };
}
