/** The value of an expression for a packet. */
import type { Expr, MapRef, NamedSet, SetElement, Table } from '../model/firewall.ts';
import type { EvalContext } from './context.ts';
import { FIELDS } from './fields.ts';
import { type Found, find } from './lookup.ts';
import { rawBits } from './raw.ts';
import { big, missing, type Result } from './result.ts';

/** Where names of sets and chains are looked up. */
export interface Scope {
  readonly table: Table;
  readonly ipsets: ReadonlyMap<string, NamedSet>;
}

const U32 = 0xffffffffn;

export function evaluate(expr: Expr, ctx: EvalContext, scope: Scope): Result {
  switch (expr.kind) {
    case 'field':
      return FIELDS[expr.field](ctx);
    case 'const':
      return expr.value;
    case 'bitwise':
      return bitwise(expr, ctx, scope);
    case 'fib':
      return fib(expr, ctx);
    case 'raw':
      return rawBits(expr, ctx);
    case 'chance':
      return expr.modulus === 1n ? expr.offset : { why: 'chance', text: expr.text, from: expr.offset, to: expr.offset + expr.modulus - 1n };
    case 'map':
      return mapped(expr, ctx, scope);
    case 'unknown':
      return missing(`${expr.name} (${expr.text})`);
  }
}

function bitwise(expr: Extract<Expr, { kind: 'bitwise' }>, ctx: EvalContext, scope: Scope): Result {
  const left = evaluate(expr.left, ctx, scope);
  if (left === null) return null;
  const right = evaluate(expr.right, ctx, scope);
  if (right === null) return null;
  if (typeof left === 'object') return { why: left.why, text: left.text };
  if (typeof right === 'object') return { why: right.why, text: right.text };
  if (typeof left === 'string' || typeof right === 'string') return missing('arithmetic with a name');
  switch (expr.op) {
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
    case 'lshift':
      return right > 128n ? 0n : (left << right) & (left > U32 ? (1n << 128n) - 1n : U32);
    case 'rshift':
      return right > 128n ? 0n : left >> right;
    case 'add':
      return left + right;
    case 'sub':
      return left > right ? left - right : 0n;
  }
}

function fib(expr: Extract<Expr, { kind: 'fib' }>, ctx: EvalContext): Result {
  if (ctx.arp) return null;
  const found = ctx.fib(expr.of, expr.result === 'type' ? 'type' : 'oifname', expr.flags);
  if (typeof found === 'object') return { why: found.why, text: found.text };
  if (expr.result !== 'oif') return found;
  if (found === '') return 0n;
  const link = ctx.link(String(found));
  return link ? big(link.ifindex) : missing(`the index of interface ${found}`);
}

/** Values of a key, or null when the packet lacks one of them. */
export function keyOf(key: readonly Expr[], ctx: EvalContext, scope: Scope): Result[] | null {
  const values: Result[] = [];
  for (const expr of key) {
    const value = evaluate(expr, ctx, scope);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** Elements of a set or map; text: why they are not known. */
function elementsOf(ref: MapRef, scope: Scope): readonly SetElement[] | string {
  if ('elements' in ref) return ref.elements;
  const named = scope.table.sets.get(ref.name);
  if (!named) return `set ${ref.name} is not listed`;
  return named.unknown === undefined ? named.elements : `set ${ref.name}: ${named.unknown}`;
}

/** Where a key stands in a set or map. Null: the packet lacks a part of the key. Text: the set is not known. */
export function lookup(key: readonly Expr[], ref: MapRef, ctx: EvalContext, scope: Scope): Found | string | null {
  const values = keyOf(key, ctx, scope);
  if (values === null) return null;
  const elements = elementsOf(ref, scope);
  return typeof elements === 'string' ? elements : find(elements, values);
}

function mapped(expr: Extract<Expr, { kind: 'map' }>, ctx: EvalContext, scope: Scope): Result {
  const found = lookup(expr.key, expr.map, ctx, scope);
  if (found === null) return null;
  if (typeof found === 'string') return missing(found);
  if (found.kind === 'none') return null;
  if (found.kind === 'many') return { why: found.because.why, text: found.because.text };
  const data = found.element.data?.[0];
  if (data === undefined) return missing('a map without a value');
  if ('ifname' in data) return data.ifname;
  return data.from === data.to ? data.from : missing('one value of a range');
}
