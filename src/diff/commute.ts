/** Whether two rules of a chain may change places without a difference to any packet. */
import type { Field, Rule, Statement, Value } from '../model/firewall.ts';

/** What a rule of a chain cannot change for the rules behind it. */
const FIXED: ReadonlySet<Field> = new Set<Field>([
  'ip.saddr',
  'ip.daddr',
  'ip6.saddr',
  'ip6.daddr',
  'meta.iifname',
  'meta.oifname',
  'meta.l4proto',
  'th.sport',
  'th.dport',
  'tcp.sport',
  'tcp.dport',
  'udp.sport',
  'udp.dport',
]);

function apart(a: Value, b: Value): boolean {
  if ('ifname' in a && 'ifname' in b) return !a.ifname.endsWith('*') && !b.ifname.endsWith('*') && a.ifname !== b.ifname;
  return 'from' in a && 'from' in b && (a.to < b.from || b.to < a.from);
}

function conditions(rule: Rule): readonly { readonly field: Field; readonly values: readonly Value[] }[] {
  return rule.statements.flatMap((s) =>
    s.kind === 'match' && !s.negate && s.left.kind === 'field' && FIXED.has(s.left.field) ? [{ field: s.left.field, values: s.values }] : [],
  );
}

/** No packet can match both. */
function disjoint(a: Rule, b: Rule): boolean {
  const others = conditions(b);
  return conditions(a).some((one) => others.some((two) => one.field === two.field && one.values.every((v) => two.values.every((w) => apart(v, w)))));
}

/** Statements that only ask. */
const ASKS: ReadonlySet<Statement['kind']> = new Set(['match', 'bits', 'equal', 'lookup', 'ipset', 'rpfilter', 'maybe', 'never', 'noop']);

/** What the rule does, where that is one thing that ends the chain. */
function end(rule: Rule): string | null {
  const does = rule.statements.filter((s) => !ASKS.has(s.kind));
  const [only, second] = does;
  if (!only || second) return null;
  const ends = only.kind === 'reject' || only.kind === 'nat' || (only.kind === 'verdict' && (only.verdict.kind === 'accept' || only.verdict.kind === 'drop'));
  return ends ? JSON.stringify(only, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) : null;
}

export function commute(a: Rule, b: Rule): boolean {
  if (disjoint(a, b)) return true;
  const does = end(a);
  return does !== null && does === end(b);
}
