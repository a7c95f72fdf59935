import type { Backend } from '../../model/firewall.ts';
import type { FindingRule } from '../rule.ts';
import { count, hostSubject, proof } from '../scene.ts';

export const legacyAndNft: FindingRule = {
  code: 'LEGACY_AND_NFT',
  severity: 'MEDIUM',
  title: 'Both backends of iptables hold rules',
  why: 'The kernel asks both, and each tool shows only its own: what one accepts the other may drop.',
  mend: 'Move all rules to one backend (`update-alternatives --set iptables`), empty the other with its own tool, and restart the engine.',
  dependsOn: [],
  *check(scene) {
    const { own, host } = scene;
    if (!own) return;
    const rulesOf = (backend: Backend) =>
      own.firewall.tables.filter((table) => table.backend === backend).flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
    const [legacy, nft] = [rulesOf('iptables-legacy'), rulesOf('iptables-nft')];
    if (!legacy[0] || !nft[0]) return;
    yield {
      subject: hostSubject(scene),
      text: `${host.name} has ${count(legacy.length, 'rule')} in iptables-legacy and ${nft.length} in iptables-nft.`,
      evidence: [legacy[0], nft[0]].map((rule) => proof(scene, own, rule.source, rule.text, rule.counters)),
      remedy: null,
    };
  },
};
