/** Works out the addresses and ports of a translation: net/netfilter/nft_nat.c, xt_nat.c, xt_NETMAP.c. */
import type { Expr, NatStatement, Value } from '../model/firewall.ts';
import { fromBigInt, toBigInt } from '../util/ip.ts';
import { elementTaken, type Place } from './choose.ts';
import type { EvalContext, ResolvedNat } from './context.ts';
import { evaluate, lookup, type Scope } from './expression.ts';

/** `absent`: the rule does not match (a map without the key). Text: what is not known. */
export function resolveNat(statement: NatStatement, place: Place, ctx: EvalContext, scope: Scope): ResolvedNat | 'absent' | { readonly unknown: string } {
  let address = statement.address ?? null;
  let port: { readonly from: number; readonly to: number } | null = statement.port ?? null;
  if (statement.addressExpr) {
    const data = dataOf(statement.addressExpr, place, ctx, scope);
    if (data === 'absent') return data;
    if ('unknown' in data) return data;
    const [first, second] = data.values;
    if (!first || 'ifname' in first) return { unknown: 'an address' };
    address = first;
    if (second && !('ifname' in second)) port = ports(second);
  }
  if (statement.portExpr) {
    const data = dataOf(statement.portExpr, place, ctx, scope);
    if (data === 'absent') return data;
    if ('unknown' in data) return data;
    const first = data.values[0];
    if (!first || 'ifname' in first) return { unknown: 'a port' };
    port = ports(first);
  }
  if (address && statement.nat === 'netmap') address = netmap(address, ctx);
  const { family } = ctx.packet;
  return {
    nat: statement.nat,
    address: address && { from: fromBigInt(address.from, family), to: fromBigInt(address.to, family) },
    port,
    flags: statement.flags,
  };
}

const ports = (value: { readonly from: bigint; readonly to: bigint }) => ({ from: Number(value.from & 0xffffn), to: Number(value.to & 0xffffn) });

/** The prefix is replaced, the rest of the address stays. */
function netmap(range: { readonly from: bigint; readonly to: bigint }, ctx: EvalContext): { from: bigint; to: bigint } {
  const host = range.from ^ range.to;
  const old = toBigInt(ctx.hook === 'prerouting' || ctx.hook === 'output' ? ctx.packet.dst : ctx.packet.src);
  const mapped = (range.from & ~host) | (old & host);
  return { from: mapped, to: mapped };
}

function dataOf(expr: Expr, place: Place, ctx: EvalContext, scope: Scope): { readonly values: readonly Value[] } | 'absent' | { readonly unknown: string } {
  if (expr.kind === 'map') {
    const found = lookup(expr.key, expr.map, ctx, scope);
    if (found === null) return 'absent';
    if (typeof found === 'string') return { unknown: found };
    const element = elementTaken(found, place, ctx);
    if (element === null) return 'absent';
    return element.data ? { values: element.data } : { unknown: 'a map without a value' };
  }
  const value = evaluate(expr, ctx, scope);
  if (value === null) return 'absent';
  if (typeof value === 'bigint') return { values: [{ from: value, to: value }] };
  return { unknown: typeof value === 'string' ? value : value.text };
}
