/** net/netfilter/xt_multiport.c */
import type { SetElement, Value } from '../../model/firewall.ts';
import { ANY, field, match } from '../build.ts';
import { type Extension, each, MANUAL } from '../extension.ts';
import { ports } from '../words.ts';

function list(text: string | undefined): readonly Value[] | null {
  const values: Value[] = [];
  for (const part of (text ?? '').split(',')) {
    const value = ports(part);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

export const multiport: Extension = {
  kind: 'match',
  name: 'multiport',
  manual: MANUAL,
  options: { '--sports': 1, '--dports': 1, '--ports': 1 },
  parse: (options) =>
    each(options, (o) => {
      const values = list(o.words[0]);
      if (values === null) return null;
      if (o.name !== '--ports') return match(o.name === '--sports' ? 'th.sport' : 'th.dport', values, o.negate);
      const elements: SetElement[] = values.flatMap((value) => [{ key: [value, ANY] }, { key: [ANY, value] }]);
      return { kind: 'lookup', key: [field('th.sport'), field('th.dport')], negate: o.negate, set: { elements } };
    }),
  examples: [
    { rule: '-p tcp -m multiport --dports 80,443,8000:8004', packet: { protocol: 'tcp', dport: 8003 }, matches: 'yes' },
    { rule: '-p tcp -m multiport --dports 80,443', packet: { protocol: 'tcp', dport: 81 }, matches: 'no' },
    { rule: '-p udp -m multiport ! --sports 53,123', packet: { protocol: 'udp', sport: 53 }, matches: 'no' },
    { rule: '-p udp -m multiport --ports 53,123', packet: { protocol: 'udp', sport: 53, dport: 9 }, matches: 'yes' },
    { rule: '-p udp -m multiport ! --ports 53,123', packet: { protocol: 'udp', sport: 1, dport: 123 }, matches: 'no' },
    { rule: '-p udp -m multiport ! --ports 53,123', packet: { protocol: 'udp', sport: 1, dport: 2 }, matches: 'yes' },
  ],
};
