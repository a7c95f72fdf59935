/** Short words for making statements and expressions. */
import type { Expr, Field, Statement, Value } from '../model/firewall.ts';

const fields = new Map<Field, Expr>();

export function field(name: Field): Expr {
  let expr = fields.get(name);
  if (!expr) {
    expr = { kind: 'field', field: name };
    fields.set(name, expr);
  }
  return expr;
}

export const constant = (value: bigint | string): Expr => ({ kind: 'const', value });
export const one = (value: bigint | number): Value => ({ from: BigInt(value), to: BigInt(value) });
export const range = (from: bigint | number, to: bigint | number): Value => ({ from: BigInt(from), to: BigInt(to) });
export const ANY: Value = { from: 0n, to: (1n << 128n) - 1n };

type Bitwise = Extract<Expr, { kind: 'bitwise' }>['op'];
export const bitwise = (op: Bitwise, left: Expr, right: Expr | bigint): Expr => ({
  kind: 'bitwise',
  op,
  left,
  right: typeof right === 'bigint' ? constant(right) : right,
});

export const match = (left: Expr | Field, values: readonly Value[], negate = false): Statement => ({
  kind: 'match',
  left: typeof left === 'string' ? field(left) : left,
  negate,
  values,
});

export const bits = (left: Expr | Field, mask: bigint, negate = false): Statement => ({
  kind: 'bits',
  left: typeof left === 'string' ? field(left) : left,
  negate,
  mask,
});

export const set = (name: Field, value: Expr): Statement => ({ kind: 'set', field: name, value });
export const noop = (name: string): Statement => ({ kind: 'noop', name });
export const unknown = (name: string, text: string): Statement => ({ kind: 'unknown', name, text });
export const unknownEffect = (name: string, text: string): Statement => ({ kind: 'unknown', name, text, effect: true });

/** `left & mask` without a mask that keeps every bit. */
export function masked(left: Expr | Field, mask: bigint, all: bigint): Expr {
  const expr = typeof left === 'string' ? field(left) : left;
  return mask === all ? expr : bitwise('and', expr, mask);
}
