/** `{"match": {"op", "left", "right"}}` of `nft -j`. */
import type { Statement, TableFamily, Value } from '../../model/firewall.ts';
import { bits, match, range, unknown } from '../build.ts';
import { setElements } from './elements.ts';
import { type Guards, type Typed, toExpr, toKey } from './expression.ts';
import { isObject, type Json, member, tagged, verbatim } from './json.ts';
import { expressionText } from './text-expression.ts';
import { scalar, value } from './values.ts';

const LAST = (1n << 128n) - 1n;
/** Headers and options that no packet of the model carries: a match on them fails, negated or not. */
const ABSENT = new Set(['exthdr', 'ip option', 'sctp chunk', 'dccp option', 'ipsec', 'tunnel']);
const ABSENT_PAYLOADS = new Set(['ah', 'esp', 'comp', 'igmp', 'gre', 'gretap', 'sctp', 'dccp', 'udplite']);
/** What changes from packet to packet or with the clock. */
const CHANGING: Readonly<Record<string, 'time' | 'state' | 'chance'>> = {
  'meta time': 'time',
  'meta hour': 'time',
  'meta day': 'time',
  'meta cpu': 'chance',
  'ct expiration': 'time',
  'ct bytes': 'state',
  'ct packets': 'state',
  'ct avgpkt': 'state',
};
/** Expressions as opposed to constants on the right side. */
const EXPRESSIONS = new Set(['meta', 'payload', 'ct', 'fib', 'numgen', 'jhash', 'symhash', 'map', 'rt', 'socket', '&', '^', '<<', '>>']);

/** Null when an expression of unknown meaning stands in it: the caller keeps the text. */
export function matchStatements(body: Json, family: TableFamily): readonly Statement[] {
  const [op, left, right] = [member(body, 'op') ?? '==', member(body, 'left'), member(body, 'right')];
  const text = expressionText({ match: body }) ?? verbatim(body);
  const special = specialMatch(op, left, right, text, family);
  if (special) return special;
  const guards: Guards = [];
  const key = toKey(left, guards);
  const statement = compare(op, key, left, right, guards, text);
  const unread = key.find((part) => part.expr.kind === 'unknown')?.expr;
  if (unread?.kind === 'unknown') return [...guards, unknown(unread.name, text)];
  return [...guards, statement ?? unknown('match', text)];
}

function specialMatch(op: Json, left: Json, right: Json, text: string, family: TableFamily): readonly Statement[] | null {
  const [kind, body] = tagged(left) ?? ['', null];
  if (ABSENT.has(kind) && typeof right === 'boolean' && right === (op === '!=')) return missingIn(kind);
  if (ABSENT.has(kind)) return [{ kind: 'never', name: kind, text }];
  if (kind === 'payload' && ABSENT_PAYLOADS.has(String(member(body, 'protocol')))) return [{ kind: 'never', name: String(member(body, 'protocol')), text }];
  // devices of their own take the tag off before the IP families see the packet
  if (kind === 'payload' && member(body, 'protocol') === 'vlan' && family !== 'bridge' && family !== 'netdev') return [{ kind: 'never', name: 'vlan', text }];
  const changing = `${kind} ${member(body, 'key')}`;
  if (Object.hasOwn(CHANGING, changing)) return [{ kind: 'maybe', name: changing, text, why: CHANGING[changing]! }];
  if (kind === 'meta' && typeof right === 'string' && /^\d+$/.test(right) && (op === '==' || op === '!=')) {
    const name = member(body, 'key');
    // the index of an interface that is gone
    if (name === 'iif' || name === 'oif') return [match(`meta.${name}`, [range(BigInt(right), BigInt(right))], op === '!=')];
  }
  if (kind === 'fib' && typeof right === 'boolean' && member(body, 'result') !== 'type' && (op === '==' || op === '!=')) {
    const { expr } = toExpr(left, []);
    // no way out has no name
    return expr.kind === 'unknown' ? null : [match(expr, [{ ifname: '' }], right === (op === '=='))];
  }
  return null;
}

/** The program asks for the family that has such headers first. */
function missingIn(kind: string): readonly Statement[] {
  if (kind === 'exthdr') return [match('meta.nfproto', [range(10n, 10n)])];
  return kind === 'ip option' ? [match('meta.nfproto', [range(2n, 2n)])] : [];
}

function compare(op: Json, key: readonly Typed[], leftJson: Json, right: Json, guards: Guards, text: string): Statement | null {
  const negate = op === '!=';
  if (typeof right === 'string' && right.startsWith('@') && (op === '==' || op === 'in' || negate))
    return { kind: 'lookup', key: key.map((part) => part.expr), negate, set: { name: right.slice(1) } };
  const written = member(right, 'set');
  if (written !== undefined) {
    const elements = setElements(
      written,
      key.map((part) => part.type),
    );
    return elements && (op === '==' || op === 'in' || negate) ? { kind: 'lookup', key: key.map((part) => part.expr), negate, set: { elements } } : null;
  }
  const left = key[0];
  if (!left || key.length !== 1) return concatenated(op, key, right);
  const [tag] = tagged(right) ?? [''];
  if (EXPRESSIONS.has(tag)) {
    const other = toExpr(right, guards);
    if (op !== '==' && !negate) return null;
    return other.expr.kind === 'unknown' ? unknown(other.expr.name, text) : { kind: 'equal', left: left.expr, right: other.expr, negate };
  }
  return constantMatch(op, left, leftJson, right);
}

function concatenated(op: Json, key: readonly Typed[], right: Json): Statement | null {
  if (op !== '==' && op !== '!=') return null;
  const elements = setElements(
    [right],
    key.map((part) => part.type),
  );
  return elements && { kind: 'lookup', key: key.map((part) => part.expr), negate: op === '!=', set: { elements } };
}

function constantMatch(op: Json, left: Typed, leftJson: Json, right: Json): Statement | null {
  if (op === 'in' || op === '!') {
    const mask = scalar(right, left.type);
    return typeof mask === 'bigint' ? bits(left.expr, mask, op === '!') : null;
  }
  // numbers compared with a mask keep the type of what is masked
  const found = value(right, left.type) ?? (isObject(leftJson) ? value(right, 'integer') : null);
  if (found === null) return null;
  if (op === '==' || op === '!=') return match(left.expr, [found], op === '!=');
  const limits = 'from' in found && found.from === found.to ? ordered(op, found.from) : null;
  return limits && match(left.expr, limits);
}

function ordered(op: Json, limit: bigint): readonly Value[] | null {
  switch (op) {
    case '<':
      return limit === 0n ? [] : [range(0n, limit - 1n)];
    case '<=':
      return [range(0n, limit)];
    case '>':
      return [range(limit + 1n, LAST)];
    case '>=':
      return [range(limit, LAST)];
    default:
      return null;
  }
}
