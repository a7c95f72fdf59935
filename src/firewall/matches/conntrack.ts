/** net/netfilter/xt_conntrack.c, xt_state.c, xt_connmark.c, xt_helper.c */
import { CT_STATE, CT_STATUS, type Field, type Statement } from '../../model/firewall.ts';
import { bits, masked, match, one } from '../build.ts';
import { type Extension, each, MANUAL, type Option, type ParseEnv } from '../extension.ts';
import { protocolNumber } from '../names/protocols.ts';
import { addressMask, ports, valueMask } from '../words.ts';

const STATES: Readonly<Record<string, bigint>> = {
  INVALID: CT_STATE.invalid,
  ESTABLISHED: CT_STATE.established,
  RELATED: CT_STATE.related,
  NEW: CT_STATE.new,
  UNTRACKED: CT_STATE.untracked,
  SNAT: CT_STATUS.snat,
  DNAT: CT_STATUS.dnat,
};
const STATUSES: Readonly<Record<string, bigint>> = {
  NONE: 0n,
  EXPECTED: CT_STATUS.expected,
  SEEN_REPLY: CT_STATUS['seen-reply'],
  ASSURED: CT_STATUS.assured,
  CONFIRMED: CT_STATUS.confirmed,
};
const ADDRESSES: Readonly<Record<string, Field>> = {
  '--ctorigsrc': 'ct.original.saddr',
  '--ctorigdst': 'ct.original.daddr',
  '--ctreplsrc': 'ct.reply.saddr',
  '--ctrepldst': 'ct.reply.daddr',
};
const PORTS: Readonly<Record<string, Field>> = {
  '--ctorigsrcport': 'ct.original.proto-src',
  '--ctorigdstport': 'ct.original.proto-dst',
  '--ctreplsrcport': 'ct.reply.proto-src',
  '--ctrepldstport': 'ct.reply.proto-dst',
};

function names(table: Readonly<Record<string, bigint>>, text: string | undefined): bigint | null {
  let mask = 0n;
  for (const name of (text ?? '').split(',')) {
    if (!Object.hasOwn(table, name)) return null;
    mask |= table[name]!;
  }
  return mask;
}

export function addressMatch(field: Field, text: string | undefined, negate: boolean, family: 4 | 6): Statement | null {
  const parsed = addressMask(text, family);
  if (parsed === null) return null;
  const all = family === 4 ? 0xffffffffn : (1n << 128n) - 1n;
  return match('mask' in parsed ? masked(field, parsed.mask, all) : field, [parsed.value], negate);
}

function option(o: Option, env: ParseEnv): Statement | null {
  switch (o.name) {
    case '--ctstate':
    case '--state': {
      const mask = names(STATES, o.words[0]);
      return mask === null ? null : bits('conntrack.state', mask, o.negate);
    }
    case '--ctstatus': {
      const mask = names(STATUSES, o.words[0]);
      return mask === null ? null : bits('ct.status', mask, o.negate);
    }
    case '--ctdir': {
      const direction = { ORIGINAL: 0n, REPLY: 1n }[o.words[0] ?? ''];
      return direction === undefined ? null : match('ct.direction', [one(direction)], o.negate);
    }
    case '--ctproto': {
      const protocol = protocolNumber(o.words[0] ?? '');
      return protocol === null ? null : match('ct.protocol', [one(protocol)], o.negate);
    }
    case '--ctexpire':
      return { kind: 'maybe', name: 'conntrack', text: `${o.negate ? '! ' : ''}${o.name} ${o.words[0]}`, why: 'time' };
    default: {
      const address = ADDRESSES[o.name];
      if (address) return addressMatch(address, o.words[0], o.negate, env.family);
      const port = PORTS[o.name];
      const value = port && ports(o.words[0]);
      return port && value ? match(port, [value], o.negate) : null;
    }
  }
}

/** conntrack_mt: a packet without a connection whose state matched passes, whatever else is asked of it. */
function untrackedMayPass(options: readonly Option[]): boolean {
  const state = options.find((o) => o.name === '--ctstate');
  const mask = names(STATES, state?.words[0]) ?? 0n;
  return state !== undefined && (state.negate || (mask & (CT_STATE.invalid | CT_STATE.untracked)) !== 0n);
}

function conjunction(options: readonly Option[], env: ParseEnv): readonly Statement[] | null {
  const lenient = untrackedMayPass(options);
  return each(options, (o) => {
    const statement = option(o, env);
    if (!lenient || o.name === '--ctstate') return statement;
    return statement?.kind === 'match' || statement?.kind === 'bits' || statement?.kind === 'maybe' ? { ...statement, orUntracked: true } : null;
  });
}

const connection: Extension = {
  kind: 'match',
  name: 'conntrack',
  manual: MANUAL,
  options: Object.fromEntries(
    ['--ctstate', '--ctstatus', '--ctdir', '--ctproto', '--ctexpire', ...Object.keys(ADDRESSES), ...Object.keys(PORTS)].map((name) => [name, 1]),
  ),
  parse: conjunction,
  examples: [
    { rule: '-m conntrack --ctstate RELATED,ESTABLISHED', context: { conntrack: null }, matches: 'no' },
    { rule: '-m conntrack --ctstate NEW', matches: 'yes' },
    { rule: '-m conntrack ! --ctstate NEW', matches: 'no' },
    { rule: '-m conntrack --ctstate UNTRACKED', context: { notrack: true }, matches: 'yes' },
    { rule: '-m conntrack --ctstate INVALID', context: { conntrack: null }, matches: 'yes' },
    { rule: '-m conntrack --ctstate DNAT', matches: 'no' },
    { rule: '-m conntrack --ctdir ORIGINAL', matches: 'yes' },
    { rule: '-m conntrack ! --ctdir REPLY', context: { notrack: true }, matches: 'no' },
    { rule: '-m conntrack --ctproto 6 --ctorigdstport 8080', matches: 'yes' },
    { rule: '-m conntrack --ctproto 6 --ctorigdst 10.0.0.0/8', matches: 'no' },
    { rule: '-m conntrack --ctreplsrc 192.0.2.2', matches: 'yes' },
    { rule: '-m conntrack --ctstatus SEEN_REPLY', matches: 'no' },
    { rule: '-m conntrack --ctexpire 10:20', matches: 'unknown' },
    { rule: '-m conntrack --ctstate UNTRACKED --ctorigdst 203.0.113.1', context: { notrack: true }, matches: 'yes' },
    { rule: '-m conntrack --ctstate INVALID --ctdir REPLY --ctexpire 10:20', context: { conntrack: null }, matches: 'yes' },
    { rule: '-m conntrack ! --ctstate ESTABLISHED --ctdir REPLY', context: { notrack: true }, matches: 'yes' },
    { rule: '-m conntrack ! --ctstate ESTABLISHED --ctdir REPLY', matches: 'no' },
    { rule: '-m conntrack --ctstate NEW,UNTRACKED --ctproto 17', matches: 'no' },
    { rule: '-m conntrack --ctstate NEW --ctorigdst 203.0.113.1', context: { notrack: true }, matches: 'no' },
  ],
};

const state: Extension = {
  kind: 'match',
  name: 'state',
  manual: MANUAL,
  options: { '--state': 1 },
  parse: (options, env) => each(options, (o) => option(o, env)),
  examples: [
    { rule: '-m state --state NEW,RELATED', matches: 'yes' },
    { rule: '-m state ! --state INVALID', matches: 'yes' },
  ],
};

function markOf(name: 'mark' | 'connmark', field: Field, examples: Extension['examples']): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: { '--mark': 1 },
    parse: (options) =>
      each(options, (o) => {
        const parsed = valueMask(o.words[0]);
        return parsed && match(masked(field, parsed.mask, 0xffffffffn), [one(parsed.value)], o.negate);
      }),
    examples,
  };
}

export const CONNTRACK_MATCHES: readonly Extension[] = [
  connection,
  state,
  markOf('mark', 'meta.mark', [
    { rule: '-m mark --mark 0x4000/0x4000', packet: { mark: 0x4001 }, matches: 'yes' },
    { rule: '-m mark ! --mark 0x1/0xff', packet: { mark: 0x101 }, matches: 'no' },
    { rule: '-m mark --mark 0x2', packet: { mark: 0 }, matches: 'no' },
  ]),
  markOf('connmark', 'ct.mark', [
    { rule: '-m connmark --mark 0x2', context: { ctMark: 2 }, matches: 'yes' },
    { rule: '-m connmark ! --mark 0x2', context: { ctMark: 1, notrack: true }, matches: 'no' },
  ]),
];
