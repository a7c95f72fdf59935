/** Targets that write to the packet or its connection: xt_mark.c, xt_connmark.c, xt_HL.c, xt_DSCP.c, xt_CT.c */
import type { Expr, Field, Statement } from '../../model/firewall.ts';
import { bitwise, constant, field, noop, set, unknownEffect } from '../build.ts';
import { type Extension, each, given, MANUAL, type Option } from '../extension.ts';
import { DSCP } from '../names/dscp.ts';
import { number, valueMask } from '../words.ts';

const ALL = 0xffffffffn;
const invert = (mask: bigint) => ALL & ~mask;
const mix = (left: Expr, mask: bigint, right: Expr | bigint): Expr => bitwise('xor', bitwise('and', left, mask), right);

/** `(mark & ~mask) ^ value` and its relatives. */
function marking(target: Field, o: Option): Statement | null {
  const given = valueMask(o.words[0]);
  const plain = number(o.words[0]);
  const old = field(target);
  switch (o.name) {
    case '--set-xmark':
      return given && set(target, mix(old, invert(given.mask), given.value));
    case '--set-mark':
      return given && set(target, bitwise('or', bitwise('and', old, invert(given.mask)), given.value));
    case '--and-mark':
      return plain === null ? null : set(target, bitwise('and', old, plain));
    case '--or-mark':
      return plain === null ? null : set(target, bitwise('or', old, plain));
    case '--xor-mark':
      return plain === null ? null : set(target, bitwise('xor', old, plain));
    default:
      return null;
  }
}

const SETTERS = { '--set-xmark': 1, '--set-mark': 1, '--and-mark': 1, '--or-mark': 1, '--xor-mark': 1 };

const mark: Extension = {
  kind: 'target',
  name: 'MARK',
  manual: MANUAL,
  options: SETTERS,
  parse: (options) => each(options, (o) => marking('meta.mark', o)),
  examples: [
    { rule: '-j MARK --set-xmark 0x4000/0x4000', packet: { mark: 1 }, matches: 'yes', effect: 'mark 0x4001' },
    { rule: '-j MARK --set-xmark 0x4000/0x0', packet: { mark: 0x4001 }, matches: 'yes', effect: 'mark 0x1' },
    { rule: '-j MARK --set-mark 0x5', packet: { mark: 0xff }, matches: 'yes', effect: 'mark 0x5' },
    { rule: '-j MARK --and-mark 0xf0', packet: { mark: 0xff }, matches: 'yes', effect: 'mark 0xf0' },
  ],
};

const connmark: Extension = {
  kind: 'target',
  name: 'CONNMARK',
  manual: MANUAL,
  options: { ...SETTERS, '--save-mark': 0, '--restore-mark': 0, '--nfmask': 1, '--ctmask': 1, '--mask': 1, '--left-shift-mark': 1, '--right-shift-mark': 1 },
  parse: (options, env) => {
    if (given(options, '--left-shift-mark') ?? given(options, '--right-shift-mark')) return [unknownEffect('CONNMARK', env.text)];
    const both = given(options, '--mask')?.words[0];
    const nfmask = number(given(options, '--nfmask')?.words[0] ?? both ?? '0xffffffff');
    const ctmask = number(given(options, '--ctmask')?.words[0] ?? both ?? '0xffffffff');
    if (nfmask === null || ctmask === null) return null;
    const [skb, ct] = [field('meta.mark'), field('ct.mark')];
    if (given(options, '--save-mark')) return [set('ct.mark', mix(ct, invert(ctmask), bitwise('and', skb, nfmask)))];
    if (given(options, '--restore-mark')) return [set('meta.mark', mix(skb, invert(nfmask), bitwise('and', ct, ctmask)))];
    return each(options, (o) => marking('ct.mark', o));
  },
  examples: [
    { rule: '-j CONNMARK --set-xmark 0x2/0xffffffff', context: { ctMark: 1 }, matches: 'yes', effect: 'ct mark 0x2' },
    {
      rule: '-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff',
      packet: { mark: 0x105 },
      context: { ctMark: 0x200 },
      matches: 'yes',
      effect: 'ct mark 0x205',
    },
    {
      rule: '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
      packet: { mark: 1 },
      context: { ctMark: 7 },
      matches: 'yes',
      effect: 'mark 0x7',
    },
  ],
};

function hops(name: 'TTL' | 'HL', target: Field, example: Extension['examples'][number]): Extension {
  const option = (what: string) => `--${name.toLowerCase()}-${what}`;
  return {
    kind: 'target',
    name,
    manual: MANUAL,
    options: { [option('set')]: 1, [option('dec')]: 1, [option('inc')]: 1 },
    parse: (options) =>
      each(options, (o) => {
        const value = number(o.words[0], 255);
        if (value === null) return null;
        if (o.name === option('set')) return set(target, constant(value));
        return set(target, bitwise(o.name === option('inc') ? 'add' : 'sub', field(target), value));
      }),
    examples: [example],
  };
}

const dscpField = (family: 4 | 6): Field => (family === 4 ? 'ip.dscp' : 'ip6.dscp');

const dscp: Extension = {
  kind: 'target',
  name: 'DSCP',
  manual: MANUAL,
  options: { '--set-dscp': 1, '--set-dscp-class': 1 },
  parse: (options, env) =>
    each(options, (o) => {
      const name = (o.words[0] ?? '').toLowerCase();
      const value = o.name === '--set-dscp' ? number(name, 63) : Object.hasOwn(DSCP, name) ? BigInt(DSCP[name]!) : null;
      return value === null ? null : set(dscpField(env.family), constant(value));
    }),
  examples: [{ rule: '-j DSCP --set-dscp 0x2e', matches: 'yes', effect: 'ip dscp 46' }],
};

/** The upper six bits of the octet are the DSCP; the two below are ECN's and decide nothing. */
const tos: Extension = {
  kind: 'target',
  name: 'TOS',
  manual: MANUAL,
  options: { '--set-tos': 1, '--and-tos': 1, '--or-tos': 1, '--xor-tos': 1 },
  parse: (options, env) =>
    each(options, (o) => {
      const parsed = valueMask(o.words[0], 255);
      if (!parsed) return null;
      const target = dscpField(env.family);
      const [value, mask] = [parsed.value >> 2n, parsed.mask >> 2n];
      switch (o.name) {
        case '--set-tos':
          return set(target, mix(field(target), 63n & ~mask, value));
        case '--and-tos':
          return set(target, bitwise('and', field(target), value));
        default:
          return set(target, bitwise(o.name === '--or-tos' ? 'or' : 'xor', field(target), value));
      }
    }),
  examples: [
    { rule: '-j TOS --set-tos 0xb8/0xff', matches: 'yes', effect: 'ip dscp 46' },
    { rule: '-j TOS --set-tos 0x10/0x3f', packet: { dscp: 0x30 }, matches: 'yes', effect: 'ip dscp 52' },
  ],
};

const ct: Extension = {
  kind: 'target',
  name: 'CT',
  manual: MANUAL,
  options: { '--notrack': 0, '--helper': 1, '--ctevents': 1, '--expevents': 1, '--zone': 1, '--zone-orig': 1, '--zone-reply': 1, '--timeout': 1 },
  parse: (options, env) => {
    if (options.some((o) => o.name.startsWith('--zone'))) return [unknownEffect('CT', env.text)];
    return given(options, '--notrack') ? [{ kind: 'notrack' }] : [noop('CT')];
  },
  examples: [
    { rule: '-j CT --notrack', context: { conntrack: null }, matches: 'yes', effect: 'notrack' },
    { rule: '-j CT --helper ftp', matches: 'yes', effect: 'CT' },
  ],
};

const notrack: Extension = {
  kind: 'target',
  name: 'NOTRACK',
  manual: MANUAL,
  options: {},
  parse: () => [{ kind: 'notrack' }],
  examples: [{ rule: '-j NOTRACK', context: { conntrack: null }, matches: 'yes', effect: 'notrack' }],
};

export const MARK_TARGETS: readonly Extension[] = [
  mark,
  connmark,
  hops('TTL', 'ip.ttl', { rule: '-j TTL --ttl-dec 70', packet: { ttl: 64 }, matches: 'yes', effect: 'ip ttl 0' }),
  hops('HL', 'ip6.hoplimit', { rule: '-j HL --hl-inc 2', family: 6, packet: { ttl: 64 }, matches: 'yes', effect: 'ip6 hoplimit 66' }),
  dscp,
  tos,
  ct,
  notrack,
];
