/** Addresses, interfaces and devices: xt_iprange.c, xt_mac.c, xt_physdev.c, xt_pkttype.c, xt_devgroup.c, ipt_rpfilter.c */
import type { Field, Statement } from '../../model/firewall.ts';
import { masked, match, one, unknown } from '../build.ts';
import { type Extension, each, given, MANUAL } from '../extension.ts';
import { macToBigInt } from '../packet-fields.ts';
import { addressRange, interfaceName, valueMask } from '../words.ts';

const iprange: Extension = {
  kind: 'match',
  name: 'iprange',
  manual: MANUAL,
  options: { '--src-range': 1, '--dst-range': 1 },
  parse: (options, env) =>
    each(options, (o) => {
      const value = addressRange(o.words[0], env.family);
      const field: Field = `${env.family === 4 ? 'ip' : 'ip6'}.${o.name === '--src-range' ? 'saddr' : 'daddr'}`;
      return value && match(field, [value], o.negate);
    }),
  examples: [
    { rule: '-m iprange --src-range 192.0.2.1-192.0.2.9', packet: { src: '192.0.2.9' }, matches: 'yes' },
    { rule: '-m iprange ! --dst-range 192.0.2.1-192.0.2.9', packet: { dst: '192.0.2.10' }, matches: 'yes' },
    { rule: '-m iprange --dst-range fd00::1-fd00::ff', family: 6, packet: { dst: 'fd00::100' }, matches: 'no' },
  ],
};

const mac: Extension = {
  kind: 'match',
  name: 'mac',
  manual: MANUAL,
  options: { '--mac-source': 1 },
  parse: (options) =>
    each(options, (o) => {
      const value = macToBigInt(o.words[0] ?? '');
      return value === null ? null : match('ether.saddr', [one(value)], o.negate);
    }),
  examples: [
    { rule: '-m mac --mac-source 02:00:00:00:00:01', context: { etherSrc: '02:00:00:00:00:01' }, matches: 'yes' },
    { rule: '-m mac ! --mac-source 02:00:00:00:00:01', context: { etherSrc: '02:00:00:00:00:01' }, matches: 'no' },
    { rule: '-m mac ! --mac-source 02:00:00:00:00:01', context: { etherSrc: null }, matches: 'no' },
  ],
};

const PHYSDEV: Readonly<Record<string, Field>> = {
  '--physdev-is-in': 'physdev.is-in',
  '--physdev-is-out': 'physdev.is-out',
  '--physdev-is-bridged': 'physdev.is-bridged',
};

const physdev: Extension = {
  kind: 'match',
  name: 'physdev',
  manual: MANUAL,
  options: { '--physdev-in': 1, '--physdev-out': 1, '--physdev-is-in': 0, '--physdev-is-out': 0, '--physdev-is-bridged': 0 },
  parse: (options) =>
    each(options, (o) => {
      const flag = PHYSDEV[o.name];
      if (flag) return match(flag, [one(1)], o.negate);
      const way = o.name === '--physdev-in' ? 'in' : 'out';
      if (o.words[0] === '+') return match(`physdev.is-${way}`, [one(1)], o.negate);
      const name = interfaceName(o.words[0]);
      return name && match(`physdev.${way}`, [name], o.negate);
    }),
  examples: [
    { rule: '-m physdev --physdev-in veth1', context: { physIn: 'veth1' }, matches: 'yes' },
    { rule: '-m physdev ! --physdev-in veth1', context: { physIn: null }, matches: 'yes' },
    { rule: '-m physdev --physdev-out veth+', context: { physIn: 'veth1', physOut: 'veth2' }, matches: 'yes' },
    { rule: '-m physdev --physdev-is-bridged', context: { physIn: 'veth1', physOut: null }, matches: 'no' },
    { rule: '-m physdev ! --physdev-is-bridged', context: { physIn: null, physOut: null }, matches: 'yes' },
    { rule: '-m physdev --physdev-is-in', context: { physIn: 'veth1' }, matches: 'yes' },
  ],
};

const pkttype: Extension = {
  kind: 'match',
  name: 'pkttype',
  manual: MANUAL,
  options: { '--pkt-type': 1 },
  parse: (options) =>
    each(options, (o) => {
      const value = { unicast: 0, host: 0, broadcast: 1, multicast: 2, otherhost: 3, other: 3 }[o.words[0] ?? ''];
      return value === undefined ? null : match('meta.pkttype', [one(value)], o.negate);
    }),
  examples: [
    { rule: '-m pkttype --pkt-type unicast', matches: 'yes' },
    { rule: '-m pkttype ! --pkt-type broadcast', context: { pkttype: 'broadcast' }, matches: 'no' },
  ],
};

const devgroup: Extension = {
  kind: 'match',
  name: 'devgroup',
  manual: MANUAL,
  options: { '--src-group': 1, '--dst-group': 1 },
  parse: (options) =>
    each(options, (o) => {
      const group = valueMask(o.words[0]?.replace(/^default$/, '0'));
      return group && match(masked(o.name === '--src-group' ? 'meta.iifgroup' : 'meta.oifgroup', group.mask, 0xffffffffn), [one(group.value)], o.negate);
    }),
  examples: [
    { rule: '-m devgroup --src-group 0x5', context: { iif: 'eth0', link: () => ({ group: '5', kind: 'veth', ifindex: 2, master: null }) }, matches: 'yes' },
  ],
};

const rpfilter: Extension = {
  kind: 'match',
  name: 'rpfilter',
  manual: MANUAL,
  options: { '--loose': 0, '--validmark': 0, '--accept-local': 0, '--invert': 0 },
  parse: (options): readonly Statement[] => {
    const has = (name: string) => given(options, name) !== undefined;
    return [{ kind: 'rpfilter', loose: has('--loose'), validmark: has('--validmark'), acceptLocal: has('--accept-local'), invert: has('--invert') }];
  },
  examples: [
    { rule: '-m rpfilter', context: { iif: 'eth0', fib: (_of, result) => (result === 'type' ? 1n : 'eth0') }, matches: 'yes' },
    { rule: '-m rpfilter --invert', context: { iif: 'eth0', fib: (_of, result) => (result === 'type' ? 1n : '') }, matches: 'yes' },
    {
      rule: '-m rpfilter --loose',
      context: { iif: 'eth0', fib: (_of, result, flags) => (result === 'type' ? 1n : flags.includes('iif') ? '' : 'eth1') },
      matches: 'yes',
    },
  ],
};

const eui64: Extension = {
  kind: 'match',
  name: 'eui64',
  manual: MANUAL,
  options: {},
  parse: (_options, env) => [unknown('eui64', env.text)],
  examples: [{ rule: '-m eui64', family: 6, matches: 'unknown' }],
};

export const ADDRESS_MATCHES: readonly Extension[] = [iprange, mac, physdev, pkttype, devgroup, rpfilter, eui64];
