/** net/netfilter/xt_addrtype.c */
import { type Expr, RTN, type Statement } from '../../model/firewall.ts';
import { match, one, range, unknown } from '../build.ts';
import { type Extension, given, MANUAL, type Option, type ParseEnv } from '../extension.ts';

const TYPES = new Set(Object.keys(RTN).map((name) => name.toUpperCase()));

/** IPv6 unicast is any address that is neither `::` nor multicast, whoever owns it (ipv6_addr_type). */
const V6_UNICAST = range(1n, 0xffn * (1n << 120n) - 1n);
const V6_MULTICAST = range(0xffn << 120n, (1n << 128n) - 1n);

function ipv6(o: Option, names: readonly string[], fib: Expr): Statement | null {
  const address = o.name === '--src-type' ? 'ip6.saddr' : 'ip6.daddr';
  const [name] = names;
  if (names.length !== 1) return null;
  if (name === 'UNICAST') return match(address, [V6_UNICAST], o.negate);
  if (name === 'MULTICAST') return match(address, [V6_MULTICAST], o.negate);
  if (name === 'UNSPEC') return match(address, [one(0n)], o.negate);
  if (name !== 'LOCAL' && name !== 'ANYCAST' && name !== 'UNREACHABLE') return null;
  return match(fib, [one(RTN[name.toLowerCase() as keyof typeof RTN])], o.negate);
}

function option(o: Option, flags: readonly ('iif' | 'oif')[], env: ParseEnv): Statement {
  const names = (o.words[0] ?? '').split(',');
  const not = unknown('addrtype', env.text);
  if (!names.every((name) => TYPES.has(name))) return not;
  const fib: Expr = { kind: 'fib', result: 'type', of: o.name === '--src-type' ? 'saddr' : 'daddr', flags };
  if (env.family === 6) return ipv6(o, names, fib) ?? not;
  return match(
    fib,
    names.map((name) => one(RTN[name.toLowerCase() as keyof typeof RTN])),
    o.negate,
  );
}

export const addrtype: Extension = {
  kind: 'match',
  name: 'addrtype',
  manual: MANUAL,
  options: { '--src-type': 1, '--dst-type': 1, '--limit-iface-in': 0, '--limit-iface-out': 0 },
  parse: (options, env) => {
    const flags = given(options, '--limit-iface-in') ? (['iif'] as const) : given(options, '--limit-iface-out') ? (['oif'] as const) : [];
    return options.filter((o) => o.words.length === 1).map((o) => option(o, flags, env));
  },
  examples: [
    { rule: '-m addrtype --dst-type LOCAL', context: { fib: () => RTN.local }, matches: 'yes' },
    { rule: '-m addrtype ! --dst-type LOCAL', context: { fib: () => RTN.local }, matches: 'no' },
    { rule: '-m addrtype --src-type UNICAST,BROADCAST', context: { fib: () => RTN.broadcast }, matches: 'yes' },
    {
      rule: '-m addrtype --dst-type LOCAL --limit-iface-in',
      context: { fib: (_of, _result, flags) => (flags.includes('iif') ? RTN.unicast : RTN.local) },
      matches: 'no',
    },
    { rule: '-m addrtype --dst-type LOCAL', context: { fib: () => ({ key: 'x', why: 'missing', text: 'routes' }) }, matches: 'unknown' },
    { rule: '-m addrtype --dst-type UNICAST', family: 6, packet: { dst: 'fd00::1' }, context: { fib: () => RTN.local }, matches: 'yes' },
    { rule: '-m addrtype --dst-type MULTICAST', family: 6, packet: { dst: 'ff02::1' }, matches: 'yes' },
  ],
};
