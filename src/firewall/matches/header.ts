/** Fields of the IP header: xt_hl.c, xt_dscp.c, xt_length.c, xt_ecn.c */
import type { Field, Value } from '../../model/firewall.ts';
import { bits, bitwise, field, masked, match, one, range } from '../build.ts';
import { type Extension, each, MANUAL } from '../extension.ts';
import { DSCP } from '../names/dscp.ts';
import { number, ports, valueMask } from '../words.ts';

function hops(name: 'ttl' | 'hl', target: Field, examples: Extension['examples']): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: { [`--${name}-eq`]: 1, [`--${name}-lt`]: 1, [`--${name}-gt`]: 1 },
    parse: (options) =>
      each(options, (o) => {
        const value = number(o.words[0], 255);
        if (value === null) return null;
        if (o.name.endsWith('-eq')) return match(target, [one(value)], o.negate);
        const values: readonly Value[] = o.name.endsWith('-lt') ? (value === 0n ? [] : [range(0n, value - 1n)]) : [range(value + 1n, 256n)];
        return match(target, values);
      }),
    examples,
  };
}

const dscpField = (family: 4 | 6): Field => (family === 4 ? 'ip.dscp' : 'ip6.dscp');

const dscp: Extension = {
  kind: 'match',
  name: 'dscp',
  manual: MANUAL,
  options: { '--dscp': 1, '--dscp-class': 1 },
  parse: (options, env) =>
    each(options, (o) => {
      const word = o.words[0] ?? '';
      const name = word.toLowerCase();
      const value = o.name === '--dscp' ? number(word, 63) : Object.hasOwn(DSCP, name) ? BigInt(DSCP[name]!) : null;
      return value === null ? null : match(dscpField(env.family), [one(value)], o.negate);
    }),
  examples: [
    { rule: '-m dscp --dscp 0x2e', packet: { dscp: 46 }, matches: 'yes' },
    { rule: '-m dscp ! --dscp 0x00', packet: { dscp: 0 }, matches: 'no' },
    { rule: '-m dscp --dscp 0x0a', family: 6, packet: { dscp: 10 }, matches: 'yes' },
  ],
};

const tos: Extension = {
  kind: 'match',
  name: 'tos',
  manual: MANUAL,
  options: { '--tos': 1 },
  parse: (options, env) =>
    each(options, (o) => {
      const parsed = valueMask(o.words[0], 255);
      if (!parsed) return null;
      const high = bitwise('lshift', field(dscpField(env.family)), 2n);
      // without the two ECN bits in the mask nothing need be known of them
      const octet = (parsed.mask & 3n) === 0n ? high : bitwise('or', high, field('ip.ecn'));
      return match(masked(octet, parsed.mask, 255n), [one(parsed.value)], o.negate);
    }),
  examples: [
    { rule: '-m tos --tos 0x10/0x3f', packet: { protocol: 'udp', dscp: 4 }, matches: 'yes' },
    { rule: '-m tos --tos 0xb8/0xfc', packet: { protocol: 'tcp', tcpFlags: 16, dscp: 46 }, matches: 'yes' },
    { rule: '-m tos ! --tos 0x10/0xff', packet: { protocol: 'tcp', tcpFlags: 2, dscp: 4 }, matches: 'no' },
  ],
};

const length: Extension = {
  kind: 'match',
  name: 'length',
  manual: MANUAL,
  options: { '--length': 1 },
  parse: (options) =>
    each(options, (o) => {
      const value = ports(o.words[0]);
      return value && match('meta.length', [value], o.negate);
    }),
  examples: [
    { rule: '-m length --length 0:1500', packet: { length: 60 }, matches: 'yes' },
    { rule: '-m length ! --length 0:1500', packet: { length: 60 }, matches: 'no' },
  ],
};

const ecn: Extension = {
  kind: 'match',
  name: 'ecn',
  manual: MANUAL,
  options: { '--ecn-ip-ect': 1, '--ecn-tcp-cwr': 0, '--ecn-tcp-ece': 0 },
  parse: (options) =>
    each(options, (o) => {
      if (o.name !== '--ecn-ip-ect') return bits('tcp.flags', o.name === '--ecn-tcp-ece' ? 64n : 128n, o.negate);
      const value = number(o.words[0], 3);
      return value === null ? null : match('ip.ecn', [one(value)], o.negate);
    }),
  examples: [
    { rule: '-p tcp -m ecn --ecn-tcp-ece', packet: { protocol: 'tcp', tcpFlags: 2 }, matches: 'no' },
    { rule: '-m ecn --ecn-ip-ect 0', packet: { protocol: 'udp' }, matches: 'yes' },
  ],
};

export const HEADER_MATCHES: readonly Extension[] = [
  hops('ttl', 'ip.ttl', [
    { rule: '-m ttl --ttl-eq 64', packet: { ttl: 64 }, matches: 'yes' },
    { rule: '-m ttl ! --ttl-eq 64', packet: { ttl: 64 }, matches: 'no' },
    { rule: '-m ttl --ttl-lt 64', packet: { ttl: 64 }, matches: 'no' },
    { rule: '-m ttl --ttl-gt 63', packet: { ttl: 64 }, matches: 'yes' },
  ]),
  hops('hl', 'ip6.hoplimit', [{ rule: '-m hl --hl-lt 64', family: 6, packet: { ttl: 63 }, matches: 'yes' }]),
  dscp,
  tos,
  length,
  ecn,
];
