/** Whether a value is among those of a rule. */
import type { Value } from '../model/firewall.ts';
import type { Indefinite, Result, Truth } from './result.ts';

/** A trailing `*` stands for any rest, as in nft(8) and, spelt `+`, in iptables(8). */
function nameMatches(pattern: string, name: string): boolean {
  const last = pattern.length - 1;
  if (last < 0 || pattern.charCodeAt(last) !== 42) return pattern === name;
  for (let i = 0; i < last; i++) if (pattern.charCodeAt(i) !== name.charCodeAt(i)) return false;
  return true;
}

export function holds(value: Value, actual: bigint | string): boolean {
  if ('ifname' in value) return typeof actual === 'string' && nameMatches(value.ifname, actual);
  return typeof actual === 'bigint' && actual >= value.from && actual <= value.to;
}

export function among(values: readonly Value[], actual: bigint | string): boolean {
  for (let i = 0; i < values.length; i++) if (holds(values[i]!, actual)) return true;
  return false;
}

/** One value in so many is few. */
const FEW = 256n;

/** Among what an indefinite value can be: all, none or some of it. */
export function boundedAmong(values: readonly Value[], { from, to, spread }: Indefinite): 'all' | 'none' | 'some' {
  if (from === undefined || to === undefined) return 'some';
  let count = 0n;
  for (const value of values) {
    if ('ifname' in value || value.to < from || value.from > to) continue;
    if (value.from <= from && value.to >= to) return 'all';
    count += (value.to < to ? value.to : to) - (value.from > from ? value.from : from) + 1n;
  }
  if (count === 0n || (spread && count * FEW <= to - from + 1n)) return 'none';
  return 'some';
}

export function truthOf(result: Result, test: (actual: bigint | string) => boolean, negate: boolean): Truth {
  if (result === null) return 'no';
  if (typeof result === 'object') return result;
  return test(result) === negate ? 'no' : 'yes';
}
