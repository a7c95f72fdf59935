/** Who sent the packet and what takes it: xt_owner.c, xt_policy.c, xt_socket.c */
import { match, one, range, unknown } from '../build.ts';
import { type Extension, each, given, MANUAL } from '../extension.ts';
import { span } from '../words.ts';

const owner: Extension = {
  kind: 'match',
  name: 'owner',
  manual: MANUAL,
  options: { '--uid-owner': 1, '--gid-owner': 1, '--socket-exists': 0, '--suppl-groups': 0 },
  parse: (options, env) => {
    if (given(options, '--suppl-groups')) return [unknown('owner', env.text)];
    return each(options, (o) => {
      if (o.name === '--socket-exists') return match('owner.exists', [one(1)], o.negate);
      const value = span(o.words[0], 0xffffffff, '-');
      return value && match(o.name === '--uid-owner' ? 'owner.uid' : 'owner.gid', [value], o.negate);
    });
  },
  examples: [
    { rule: '-m owner --uid-owner 1000', context: { owner: { uid: 1000, gid: 1000 } }, matches: 'yes' },
    { rule: '-m owner ! --uid-owner 0-999', context: { owner: { uid: 1000, gid: 1000 } }, matches: 'yes' },
    { rule: '-m owner --uid-owner 1000', context: { owner: null }, matches: 'no' },
    { rule: '-m owner ! --uid-owner 1000', context: { owner: null }, matches: 'yes' },
    { rule: '-m owner --gid-owner 5', context: { owner: 'unknown' }, matches: 'unknown' },
    { rule: '-m owner --socket-exists', context: { owner: 'unknown' }, matches: 'yes' },
  ],
};

const policy: Extension = {
  kind: 'match',
  name: 'policy',
  manual: MANUAL,
  options: { '--dir': 1, '--pol': 1, '--strict': 0, '--reqid': 1, '--spi': 1, '--proto': 1, '--mode': 1, '--tunnel-src': 1, '--tunnel-dst': 1, '--next': 0 },
  parse: (options) => {
    const wanted = given(options, '--pol')?.words[0];
    if (wanted !== 'none' && wanted !== 'ipsec') return null;
    return [match('policy.none', [one(wanted === 'none' ? 1 : 0)])];
  },
  examples: [
    { rule: '-m policy --dir in --pol none', matches: 'yes' },
    { rule: '-m policy --dir out --pol ipsec --mode tunnel', matches: 'no' },
  ],
};

const socket: Extension = {
  kind: 'match',
  name: 'socket',
  manual: MANUAL,
  options: { '--transparent': 0, '--nowildcard': 0, '--restore-skmark': 0 },
  parse: (options, env) => (given(options, '--transparent') ? [match('socket.transparent', [range(1, 1)])] : [unknown('socket', env.text)]),
  examples: [
    { rule: '-m socket --transparent', matches: 'unknown' },
    { rule: '-m socket --nowildcard', matches: 'unknown' },
  ],
};

export const ORIGIN_MATCHES: readonly Extension[] = [owner, policy, socket];
