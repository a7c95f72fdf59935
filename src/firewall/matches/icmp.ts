/** net/netfilter/xt_tcpudp.c (icmp_match), net/ipv6/netfilter/ip6_tables.c (icmp6_match) */
import type { Field } from '../../model/firewall.ts';
import { bitwise, field, match, one, range } from '../build.ts';
import { type Extension, each, MANUAL } from '../extension.ts';
import { icmpType } from '../names/icmp.ts';

function icmp(name: 'icmp' | 'icmp6', family: 4 | 6, option: string, examples: Extension['examples']): Extension {
  const type: Field = family === 4 ? 'icmp.type' : 'icmpv6.type';
  const code: Field = family === 4 ? 'icmp.code' : 'icmpv6.code';
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: { [option]: 1 },
    parse: (options) =>
      each(options, (o) => {
        const kind = icmpType(o.words[0] ?? '', family);
        if (kind === null) return null;
        if (kind === 'any') return match(type, [range(0, 255)], o.negate);
        const [from, to] = kind.codes;
        if (from === 0 && to === 255) return match(type, [one(kind.type)], o.negate);
        const both = bitwise('or', bitwise('lshift', field(type), 8n), field(code));
        return match(both, [range(kind.type * 256 + from, kind.type * 256 + to)], o.negate);
      }),
    examples,
  };
}

export const ICMP_MATCHES: readonly Extension[] = [
  icmp('icmp', 4, '--icmp-type', [
    { rule: '-p icmp -m icmp --icmp-type 8', packet: { protocol: 'icmp', icmp: { type: 8, code: 0 } }, matches: 'yes' },
    { rule: '-p icmp -m icmp --icmp-type 3/4', packet: { protocol: 'icmp', icmp: { type: 3, code: 1 } }, matches: 'no' },
    { rule: '-p icmp -m icmp ! --icmp-type 3/4', packet: { protocol: 'icmp', icmp: { type: 3, code: 1 } }, matches: 'yes' },
    { rule: '-p icmp -m icmp --icmp-type echo-request', packet: { protocol: 'icmp', icmp: { type: 0, code: 0 } }, matches: 'no' },
    { rule: '-p icmp -m icmp --icmp-type any', packet: { protocol: 'icmp', icmp: { type: 11, code: 0 } }, matches: 'yes' },
    { rule: '-p icmp -m icmp --icmp-type 8', packet: { protocol: 'tcp' }, matches: 'no' },
  ]),
  icmp('icmp6', 6, '--icmpv6-type', [
    { rule: '-p ipv6-icmp -m icmp6 --icmpv6-type 135', family: 6, packet: { protocol: 'icmp', icmp: { type: 135, code: 0 } }, matches: 'yes' },
    { rule: '-p ipv6-icmp -m icmp6 --icmpv6-type 1/4', family: 6, packet: { protocol: 'icmp', icmp: { type: 1, code: 3 } }, matches: 'no' },
  ]),
];
