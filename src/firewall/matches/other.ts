/** Matches that hold always, never, or cannot be told from what is known of a packet. */
import { unknown } from '../build.ts';
import { type Extension, MANUAL } from '../extension.ts';

function always(name: string, rule: string): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: name === 'comment' ? { '--comment': 1 } : 'any',
    parse: () => [],
    examples: [{ rule, matches: 'yes' }],
  };
}

/** Headers that no packet of the model carries: the kernel's match fails without them, negated or not. */
function never(name: string, rule: string): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: 'any',
    parse: (_options, env) => [{ kind: 'never', name, text: env.text }],
    examples: [{ rule, family: name === 'esp' || name === 'ah' ? 4 : 6, matches: 'no' }],
  };
}

function notModelled(name: string, rule: string, family: 4 | 6 = 4): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: 'any',
    parse: (_options, env) => [unknown(name, env.text)],
    examples: [{ rule, family, matches: 'unknown' }],
  };
}

export const OTHER_MATCHES: readonly Extension[] = [
  always('comment', '-m comment --comment "-j DROP"'),
  // xt_nfacct.c counts and returns true; its quota only makes an event
  always('nfacct', '-m nfacct --nfacct-name ct_state_invalid_dropped_pkts'),
  never('rt', '-m rt --rt-type 0'),
  never('frag', '-m frag --fragid 0:4294967295'),
  never('hbh', '-m hbh --hbh-len 4'),
  never('dst', '-m dst --dst-len 4'),
  never('mh', '-m mh --mh-type 1'),
  never('srh', '-m srh --srh-next-hdr 17'),
  never('ah', '-m ah --ahspi 5'),
  never('esp', '-m esp --espspi 5'),
  notModelled('ipv6header', '-m ipv6header --header frag --soft', 6),
  notModelled('u32', '-m u32 --u32 "0x0>>0x16&0x3c@0xc&0xffffff00=0x100100"'),
  notModelled('bpf', '-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"'),
  notModelled('string', '-m string --string "abc" --algo bm --to 65535'),
  notModelled('cgroup', '-m cgroup --cgroup 5'),
  notModelled('ipvs', '-m ipvs --ipvs'),
  notModelled('helper', '-m helper --helper ftp'),
  notModelled('realm', '-m realm --realm 0x5'),
  notModelled('osf', '-m osf --genre Linux'),
  notModelled('tcpmss', '-m tcpmss --mss 1400:1500'),
  notModelled('connlabel', '-m connlabel --label x'),
  notModelled('cluster', '-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 0x1 --cluster-hash-seed 0x1'),
  notModelled('geoip', '-m geoip --source-country XX'),
  notModelled('quota2', '-m quota2 --name x --quota 5'),
];
