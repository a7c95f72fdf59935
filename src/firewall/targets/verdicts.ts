/** Targets that end the packet's way through the chain. Manual: iptables-extensions(8); ipt_REJECT.c, ip6t_REJECT.c, xt_NFQUEUE.c, xt_TPROXY.c */
import type { RejectWith, Statement } from '../../model/firewall.ts';
import { bitwise, field, set } from '../build.ts';
import { type Extension, given, MANUAL } from '../extension.ts';
import { address, number, valueMask } from '../words.ts';

const V4: Readonly<Record<string, number>> = {
  'icmp-net-unreachable': 0,
  'icmp-host-unreachable': 1,
  'icmp-proto-unreachable': 2,
  'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9,
  'icmp-host-prohibited': 10,
  'icmp-admin-prohibited': 13,
};
const V6: Readonly<Record<string, number>> = {
  'icmp6-no-route': 0,
  'icmp6-adm-prohibited': 1,
  'icmp6-addr-unreachable': 3,
  'icmp6-port-unreachable': 4,
  'icmp6-policy-fail': 5,
  'icmp6-reject-route': 6,
};

function rejectWith(name: string | undefined, family: 4 | 6): RejectWith | null {
  if (name === 'tcp-reset') return { kind: 'tcp-reset' };
  const codes = family === 4 ? V4 : V6;
  const code = codes[name ?? (family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable')];
  if (code === undefined) return null;
  return family === 4 ? { kind: 'icmp', type: 3, code } : { kind: 'icmpv6', type: 1, code };
}

const reject: Extension = {
  kind: 'target',
  name: 'REJECT',
  manual: MANUAL,
  options: { '--reject-with': 1 },
  parse: (options, env) => {
    const answer = rejectWith(given(options, '--reject-with')?.words[0], env.family);
    return answer && [{ kind: 'reject', with: answer }];
  },
  examples: [
    { rule: '-j REJECT', matches: 'yes', effect: 'reject with icmp port-unreachable' },
    { rule: '-j REJECT --reject-with icmp-host-prohibited', matches: 'yes', effect: 'reject with icmp host-prohibited' },
    { rule: '-p tcp -j REJECT --reject-with tcp-reset', packet: { protocol: 'tcp' }, matches: 'yes', effect: 'reject with tcp reset' },
    { rule: '-j REJECT --reject-with icmp6-adm-prohibited', family: 6, matches: 'yes', effect: 'reject with icmpv6 communication-prohibited' },
  ],
};

const nfqueue: Extension = {
  kind: 'target',
  name: 'NFQUEUE',
  manual: MANUAL,
  options: { '--queue-num': 1, '--queue-balance': 1, '--queue-bypass': 0, '--queue-cpu-fanout': 0 },
  parse: (options, env) => [{ kind: 'queue', bypass: given(options, '--queue-bypass') !== undefined, text: env.text }],
  examples: [
    { rule: '-j NFQUEUE --queue-num 0', matches: 'yes', effect: 'queue' },
    { rule: '-j NFQUEUE --queue-num 1 --queue-bypass', matches: 'yes', effect: 'queue' },
  ],
};

const tproxy: Extension = {
  kind: 'target',
  name: 'TPROXY',
  manual: MANUAL,
  options: { '--on-port': 1, '--on-ip': 1, '--tproxy-mark': 1 },
  parse: (options, env) => {
    const port = number(given(options, '--on-port')?.words[0], 65535);
    const ip = given(options, '--on-ip')?.words[0];
    const to = ip === undefined ? 0n : address(ip, env.family);
    const marking = given(options, '--tproxy-mark');
    const mark = marking && valueMask(marking.words[0]);
    if (port === null || to === null || mark === null) return null;
    const statements: Statement[] = mark ? [set('meta.mark', bitwise('xor', bitwise('and', field('meta.mark'), 0xffffffffn & ~mark.mask), mark.value))] : [];
    return [...statements, { kind: 'tproxy', ...(to === 0n ? {} : { address: to }), port: Number(port), text: env.text }];
  },
  examples: [
    { rule: '-p tcp -j TPROXY --on-port 50080 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1', packet: { protocol: 'tcp' }, matches: 'yes', effect: 'mark 0x1, tproxy' },
  ],
};

export const VERDICT_TARGETS: readonly Extension[] = [reject, nfqueue, tproxy];
