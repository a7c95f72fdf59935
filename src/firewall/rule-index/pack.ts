/** What of a rule can be told in words. Whatever cannot is left out: then the rule may match, and is asked itself. */
import type { Expr, Rule, Statement, Value } from '../../model/firewall.ts';
import { classV4, classV6, digestV4, digestV6 } from './digest.ts';
import { RULE } from './words.ts';

type Match = Extract<Statement, { kind: 'match' }>;
const V4_LAST = 0xffffffff;

/** Least and greatest of numbers; null: names among them, or nothing. */
function bounds(values: readonly Value[]): { readonly from: bigint; readonly to: bigint } | null {
  const [first] = values;
  if (first === undefined || 'ifname' in first) return null;
  let { from, to } = first;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if ('ifname' in value) return null;
    if (value.from < from) from = value.from;
    if (value.to > to) to = value.to;
  }
  return { from, to };
}

/** False: no packet is both. */
function only(words: Int32Array, at: number, any: number, value: number): boolean {
  if (words[at] !== any && words[at] !== value) return false;
  words[at] = value;
  return true;
}

function port(words: Int32Array, from: number, values: readonly Value[]): boolean {
  const range = bounds(values);
  if (!range) return true;
  words[from] = Math.max(words[from]!, Math.min(Number(range.from), 65536));
  words[from + 1] = Math.min(words[from + 1]!, Number(range.to));
  return true;
}

function narrow(words: Int32Array, at: number, klass: number, digest: number): void {
  words[at] = klass;
  words[at + 1] = digest;
}

function address(words: Int32Array, rule: number, which: number, family: 4 | 6, values: readonly Value[]): boolean {
  const at = rule + which;
  if (!only(words, rule + RULE.family, 0, family)) return false;
  const range = bounds(values);
  if (!range || range.from > range.to) return true;
  if (family === 4) {
    const from = Number(range.from);
    const klass = from > V4_LAST ? 0 : classV4(from, Math.min(Number(range.to), V4_LAST));
    if (klass > words[at]!) narrow(words, at, klass, digestV4(from, klass));
  } else {
    const klass = classV6(range.from, range.to);
    if (klass > words[at]!) narrow(words, at, klass, digestV6(range.from, klass));
  }
  return true;
}

function device(words: Int32Array, at: number, { values, negate }: Match, names: Map<string, number>): boolean {
  const [value] = values;
  if (value === undefined || values.length !== 1 || !('ifname' in value) || value.ifname.endsWith('*') || words[at]! > 0) return true;
  let number = names.get(value.ifname);
  if (number === undefined) {
    number = names.size + 1;
    names.set(value.ifname, number);
  }
  words[at] = negate ? -number : number;
  return true;
}

function single(values: readonly Value[]): number | null {
  const [value] = values;
  return values.length === 1 && value && 'from' in value && value.from === value.to ? Number(value.from) : null;
}

function protocol(words: Int32Array, at: number, values: readonly Value[]): boolean {
  const number = single(values);
  return number === null || only(words, at + RULE.protocol, -1, number);
}

function family(words: Int32Array, at: number, values: readonly Value[], v4: number, v6: number): boolean {
  const number = single(values);
  return number === v4 ? only(words, at + RULE.family, 0, 4) : number === v6 ? only(words, at + RULE.family, 0, 6) : true;
}

/** False: the rule never matches. */
function match(words: Int32Array, at: number, statement: Match, names: Map<string, number>): boolean {
  const { left, values, negate } = statement;
  if (left.kind !== 'field') return true;
  if (left.field === 'meta.iifname') return device(words, at + RULE.iif, statement, names);
  if (left.field === 'meta.oifname') return device(words, at + RULE.oif, statement, names);
  if (negate) return true;
  if (values.length === 0) return false;
  return positive(words, at, left, values);
}

function positive(words: Int32Array, at: number, left: Extract<Expr, { kind: 'field' }>, values: readonly Value[]): boolean {
  switch (left.field) {
    case 'ip.saddr':
      return address(words, at, RULE.srcClass, 4, values);
    case 'ip.daddr':
      return address(words, at, RULE.dstClass, 4, values);
    case 'ip6.saddr':
      return address(words, at, RULE.srcClass, 6, values);
    case 'ip6.daddr':
      return address(words, at, RULE.dstClass, 6, values);
    case 'meta.l4proto':
      return protocol(words, at, values);
    case 'ip.protocol':
      return only(words, at + RULE.family, 0, 4) && protocol(words, at, values);
    case 'ip6.nexthdr':
      return only(words, at + RULE.family, 0, 6) && protocol(words, at, values);
    case 'meta.nfproto':
      return family(words, at, values, 2, 10);
    case 'meta.protocol':
      return family(words, at, values, 0x800, 0x86dd);
    case 'tcp.sport':
      return only(words, at + RULE.protocol, -1, 6) && port(words, at + RULE.sportFrom, values);
    case 'tcp.dport':
      return only(words, at + RULE.protocol, -1, 6) && port(words, at + RULE.dportFrom, values);
    case 'udp.sport':
      return only(words, at + RULE.protocol, -1, 17) && port(words, at + RULE.sportFrom, values);
    case 'udp.dport':
      return only(words, at + RULE.protocol, -1, 17) && port(words, at + RULE.dportFrom, values);
    // of ICMP these are other octets: only where the protocol is settled
    case 'th.sport':
      return ported(words, at) ? port(words, at + RULE.sportFrom, values) : true;
    case 'th.dport':
      return ported(words, at) ? port(words, at + RULE.dportFrom, values) : true;
    default:
      return true;
  }
}

const ported = (words: Int32Array, at: number): boolean => words[at + RULE.protocol] === 6 || words[at + RULE.protocol] === 17;

/** Fills the words from `at` on; false: it never matches. Only what stands before the first action: that may change the packet. */
export function packRule(rule: Rule, words: Int32Array, at: number, names: Map<string, number>): boolean {
  words[at + RULE.protocol] = -1;
  words[at + RULE.sportTo] = 65535;
  words[at + RULE.dportTo] = 65535;
  for (const statement of rule.statements) {
    switch (statement.kind) {
      case 'match':
        if (!match(words, at, statement, names)) return false;
        break;
      case 'never':
        return false;
      case 'bits':
      case 'equal':
      case 'lookup':
      case 'ipset':
      case 'rpfilter':
      case 'maybe':
      case 'noop':
        break;
      case 'unknown':
        if (statement.effect) return true;
        break;
      default:
        return true;
    }
  }
  return true;
}
