/** net/netfilter/xt_set.c */
import type { Statement } from '../../model/firewall.ts';
import { unknown } from '../build.ts';
import { type Extension, given, MANUAL } from '../extension.ts';

const QUIET = new Set(['--match-set', '--return-nomatch', '--update-counters', '--update-subcounters']);

export const set: Extension = {
  kind: 'match',
  name: 'set',
  manual: MANUAL,
  options: {
    '--match-set': 2,
    '--return-nomatch': 0,
    '--update-counters': 0,
    '--update-subcounters': 0,
    '--packets-eq': 1,
    '--packets-lt': 1,
    '--packets-gt': 1,
    '--bytes-eq': 1,
    '--bytes-lt': 1,
    '--bytes-gt': 1,
  },
  parse: (options, env) => {
    const matched = given(options, '--match-set');
    const [name, directions] = matched?.words ?? [];
    const dirs = (directions ?? '').split(',');
    if (!matched || !name || !dirs.every((dir) => dir === 'src' || dir === 'dst')) return null;
    const counters = options.some((o) => !QUIET.has(o.name));
    const member: Statement = {
      kind: 'ipset',
      set: name,
      negate: matched.negate,
      dirs: dirs as ('src' | 'dst')[],
      returnNomatch: given(options, '--return-nomatch') !== undefined,
    };
    return counters ? [member, unknown('set counters', env.text)] : [member];
  },
  examples: [
    { rule: '-m set --match-set hosts src', packet: { src: '192.0.2.1' }, matches: 'yes' },
    { rule: '-m set ! --match-set hosts src', packet: { src: '192.0.2.1' }, matches: 'no' },
    { rule: '-m set --match-set hosts dst', packet: { dst: '192.0.2.9' }, matches: 'no' },
    { rule: '-m set --match-set services dst,dst', packet: { protocol: 'tcp', dst: '192.0.2.2', dport: 80 }, matches: 'yes' },
    { rule: '-m set --match-set services dst,dst', packet: { protocol: 'udp', dst: '192.0.2.2', dport: 80 }, matches: 'no' },
    { rule: '-m set --match-set services dst', packet: { protocol: 'tcp', dst: '192.0.2.2', dport: 80 }, matches: 'no' },
    { rule: '-m set --match-set nobody-listed-it src', matches: 'unknown' },
  ],
};
