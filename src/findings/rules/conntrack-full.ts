import type { FindingRule } from '../rule.ts';
import { hostSubject, sysctl, sysctlProof } from '../scene.ts';

const COUNT = 'netfilter.nf_conntrack_count';
const MAX = 'netfilter.nf_conntrack_max';
/** Shares of the table. */
const [FULL, NEARLY] = [0.99, 0.85];

export const conntrackFull: FindingRule = {
  code: 'CONNTRACK_FULL',
  severity: 'HIGH',
  title: 'The table of connections is full, or nearly so',
  why: 'A full table drops the first packet of every new connection, whatever the rules say.',
  mend: 'Raise `net.netfilter.nf_conntrack_max`, and look for who opens so many connections (`conntrack -L`).',
  dependsOn: [],
  *check(scene) {
    const { own } = scene;
    const [count, max] = [Number(sysctl(own, COUNT) ?? 'x'), Number(sysctl(own, MAX) ?? 'x')];
    if (!own || !(max > 0) || !(count >= max * NEARLY)) return;
    yield {
      subject: hostSubject(scene),
      ...(count < max * FULL && { severity: 'MEDIUM' as const }),
      text: `${count} of ${max} connections that ${scene.host.name} can track are in use.`,
      evidence: [sysctlProof(scene, own, COUNT), sysctlProof(scene, own, MAX)],
      remedy: `sysctl -w net.${MAX}=${max * 2}`,
    };
  },
};
