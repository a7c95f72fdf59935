/** Address translation: xt_nat.c, xt_MASQUERADE.c, xt_REDIRECT.c, xt_NETMAP.c */
import type { NatStatement } from '../../model/firewall.ts';
import { parsePrefix } from '../../util/ip.ts';
import { type Extension, given, MANUAL, type Option } from '../extension.ts';
import { addressRange, number } from '../words.ts';

const FLAGS = ['--random', '--random-fully', '--persistent'] as const;
const SWITCHES = { '--random': 0, '--random-fully': 0, '--persistent': 0 };

const flagsOf = (options: readonly Option[]) => FLAGS.filter((flag) => given(options, flag)).map((flag) => flag.slice(2));

function portRange(text: string): { readonly from: number; readonly to: number } | null {
  // `--to-destination a:80-90/8080` shifts the range to a base that the packet's port is counted from
  const [first, last, more] = text.split('-');
  const from = number(first, 65535);
  const to = last === undefined ? from : number(last, 65535);
  return from === null || to === null || more !== undefined ? null : { from: Number(from), to: Number(to) };
}

/** `A`, `A-B`, `A:80`, `A-B:80-90`, `:80`; IPv6 addresses stand in brackets when a port follows. */
function target(text: string, family: 4 | 6): Pick<NatStatement, 'address' | 'port'> | null {
  const brackets = /^\[([^\]]*)\](?:-\[([^\]]*)\])?(?::(.+))?$/.exec(text);
  let addresses = text;
  let port: string | undefined;
  if (family === 6) {
    if (brackets) {
      addresses = brackets[2] ? `${brackets[1]}-${brackets[2]}` : brackets[1]!;
      port = brackets[3];
    } else if (/^:\d/.test(text) && /^:\d+(-\d+)?$/.test(text)) {
      addresses = '';
      port = text.slice(1);
    }
  } else {
    const colon = text.indexOf(':');
    if (colon >= 0) {
      addresses = text.slice(0, colon);
      port = text.slice(colon + 1);
    }
  }
  const address = addresses === '' ? undefined : addressRange(addresses, family);
  const ports = port === undefined ? undefined : portRange(port);
  if (address === null || ports === null) return null;
  return { ...(address ? { address } : {}), ...(ports ? { port: ports } : {}) };
}

function translation(name: 'DNAT' | 'SNAT', option: string, examples: Extension['examples']): Extension {
  return {
    kind: 'target',
    name,
    manual: MANUAL,
    options: { [option]: 1, ...SWITCHES },
    parse: (options, env) => {
      const to = target(given(options, option)?.words[0] ?? '', env.family);
      return to && [{ kind: 'nat', nat: name === 'DNAT' ? 'dnat' : 'snat', ...to, flags: flagsOf(options) }];
    },
    examples,
  };
}

function toPorts(name: 'MASQUERADE' | 'REDIRECT', examples: Extension['examples']): Extension {
  return {
    kind: 'target',
    name,
    manual: MANUAL,
    options: { '--to-ports': 1, ...SWITCHES },
    parse: (options) => {
      const text = given(options, '--to-ports')?.words[0];
      const port = text === undefined ? undefined : portRange(text);
      if (port === null) return null;
      return [{ kind: 'nat', nat: name === 'MASQUERADE' ? 'masquerade' : 'redirect', ...(port ? { port } : {}), flags: flagsOf(options) }];
    },
    examples,
  };
}

const netmap: Extension = {
  kind: 'target',
  name: 'NETMAP',
  manual: MANUAL,
  options: { '--to': 1 },
  parse: (options, env) => {
    const prefix = parsePrefix(given(options, '--to')?.words[0] ?? '');
    return prefix?.family === env.family ? [{ kind: 'nat', nat: 'netmap', address: { from: prefix.from, to: prefix.to }, flags: [] }] : null;
  },
  examples: [
    { rule: '-j NETMAP --to 198.51.100.0/24', packet: { dst: '192.0.2.7' }, context: { hook: 'prerouting' }, matches: 'yes', effect: 'netmap to 198.51.100.7' },
  ],
};

export const NAT_TARGETS: readonly Extension[] = [
  translation('DNAT', '--to-destination', [
    { rule: '-p tcp -j DNAT --to-destination 172.17.0.2:80', packet: { protocol: 'tcp' }, matches: 'yes', effect: 'dnat to 172.17.0.2:80' },
    {
      rule: '-p tcp -j DNAT --to-destination 172.17.0.2-172.17.0.9:80-90 --random --persistent',
      packet: { protocol: 'tcp' },
      matches: 'yes',
      effect: 'dnat to 172.17.0.2-172.17.0.9:80-90',
    },
    { rule: '-p tcp -j DNAT --to-destination :8080', packet: { protocol: 'tcp' }, matches: 'yes', effect: 'dnat to :8080' },
    { rule: '-p tcp -j DNAT --to-destination [fd00::2]:80', family: 6, packet: { protocol: 'tcp' }, matches: 'yes', effect: 'dnat to [fd00::2]:80' },
    { rule: '-j DNAT --to-destination fd00::2', family: 6, matches: 'yes', effect: 'dnat to fd00::2' },
  ]),
  translation('SNAT', '--to-source', [{ rule: '-j SNAT --to-source 192.0.2.9', matches: 'yes', effect: 'snat to 192.0.2.9' }]),
  toPorts('MASQUERADE', [
    { rule: '-j MASQUERADE', matches: 'yes', effect: 'masquerade' },
    { rule: '-p udp -j MASQUERADE --to-ports 1024-2047 --random-fully', packet: { protocol: 'udp' }, matches: 'yes', effect: 'masquerade to :1024-2047' },
  ]),
  toPorts('REDIRECT', [{ rule: '-p tcp -j REDIRECT --to-ports 8080', packet: { protocol: 'tcp' }, matches: 'yes', effect: 'redirect to :8080' }]),
  netmap,
];
