/** Ports and flags of the transport protocols: net/netfilter/xt_tcpudp.c, xt_sctp.c, xt_dccp.c. */
import type { Field } from '../../model/firewall.ts';
import { masked, match, unknown } from '../build.ts';
import { type Extension, each, MANUAL } from '../extension.ts';
import { ports } from '../words.ts';

const FLAGS: Readonly<Record<string, bigint>> = { FIN: 1n, SYN: 2n, RST: 4n, PSH: 8n, ACK: 16n, URG: 32n, ECE: 64n, CWR: 128n, ALL: 63n, NONE: 0n };

function flags(text: string | undefined): bigint | null {
  let mask = 0n;
  for (const name of (text ?? '').split(',')) {
    if (!Object.hasOwn(FLAGS, name)) return null;
    mask |= FLAGS[name]!;
  }
  return mask;
}

function port(field: Field, text: string | undefined, negate: boolean) {
  const value = ports(text);
  return value && match(field, [value], negate);
}

const tcp: Extension = {
  kind: 'match',
  name: 'tcp',
  manual: MANUAL,
  options: { '--sport': 1, '--dport': 1, '--tcp-flags': 2, '--syn': 0, '--tcp-option': 1 },
  parse: (options) =>
    each(options, (o) => {
      switch (o.name) {
        case '--sport':
          return port('tcp.sport', o.words[0], o.negate);
        case '--dport':
          return port('tcp.dport', o.words[0], o.negate);
        case '--syn':
          return match(masked('tcp.flags', 23n, 255n), [{ from: 2n, to: 2n }], o.negate);
        case '--tcp-flags': {
          const [mask, compare] = [flags(o.words[0]), flags(o.words[1])];
          return mask === null || compare === null ? null : match(masked('tcp.flags', mask, 255n), [{ from: compare, to: compare }], o.negate);
        }
        default:
          return unknown('tcp option', `${o.negate ? '! ' : ''}${o.name} ${o.words.join(' ')}`);
      }
    }),
  examples: [
    { rule: '-p tcp -m tcp --dport 80', packet: { protocol: 'tcp', dport: 80 }, matches: 'yes' },
    { rule: '-p tcp -m tcp ! --dport 80', packet: { protocol: 'tcp', dport: 80 }, matches: 'no' },
    { rule: '-p tcp -m tcp --dport 1:1023', packet: { protocol: 'tcp', dport: 1023 }, matches: 'yes' },
    { rule: '-p tcp -m tcp --sport 1024:65535 --dport 80', packet: { protocol: 'tcp', sport: 1023, dport: 80 }, matches: 'no' },
    { rule: '-p tcp -m tcp --dport 80', packet: { protocol: 'udp', dport: 80 }, matches: 'no' },
    { rule: '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', packet: { protocol: 'tcp', tcpFlags: 2 }, matches: 'yes' },
    { rule: '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', packet: { protocol: 'tcp', tcpFlags: 18 }, matches: 'no' },
    { rule: '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN', packet: { protocol: 'tcp', tcpFlags: 16 }, matches: 'yes' },
    { rule: '-p tcp -m tcp --syn', packet: { protocol: 'tcp', tcpFlags: 2 }, matches: 'yes' },
    { rule: '-p tcp -m tcp --tcp-option 2', packet: { protocol: 'tcp', tcpFlags: 16 }, matches: 'unknown' },
  ],
};

function plain(name: 'udp' | 'sctp' | 'dccp' | 'udplite', examples: Extension['examples']): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: { '--sport': 1, '--dport': 1, '--chunk-types': 2, '--dccp-types': 1, '--dccp-option': 1 },
    parse: (options) =>
      each(options, (o) => {
        if (o.name === '--sport' || o.name === '--dport') return port(`${name}.${o.name === '--sport' ? 'sport' : 'dport'}`, o.words[0], o.negate);
        return unknown(name, `${o.negate ? '! ' : ''}${o.name} ${o.words.join(' ')}`);
      }),
    examples,
  };
}

export const PORT_MATCHES: readonly Extension[] = [
  tcp,
  plain('udp', [
    { rule: '-p udp -m udp --dport 53', packet: { protocol: 'udp', dport: 53 }, matches: 'yes' },
    { rule: '-p udp -m udp --sport 0:1023', packet: { protocol: 'udp', sport: 5353 }, matches: 'no' },
    { rule: '-p udp -m udp ! --sport 20000:29999', packet: { protocol: 'udp', sport: 5353 }, matches: 'yes' },
  ]),
  plain('sctp', [{ rule: '-p sctp -m sctp --sport 80', packet: { protocol: 'tcp', sport: 80 }, matches: 'no' }]),
  plain('dccp', [{ rule: '-p dccp -m dccp --dport 80', packet: { protocol: 'udp', dport: 80 }, matches: 'no' }]),
  plain('udplite', [{ rule: '-p udplite -m udplite --dport 80', packet: { protocol: 'udp', dport: 80 }, matches: 'no' }]),
];
