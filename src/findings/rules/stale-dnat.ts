import { contains, parsePrefix } from '../../util/ip.ts';
import { shellCommand } from '../../util/shell.ts';
import { translations, usedAddresses } from '../addresses.ts';
import type { PlacedRule } from '../found.ts';
import type { FindingRule } from '../rule.ts';
import { proof } from '../scene.ts';

function removal({ table, chain, rule }: PlacedRule): string | null {
  if (table.backend === 'nftables')
    return rule.handle === undefined ? null : shellCommand(['nft', 'delete', 'rule', table.family, table.name, chain.name, 'handle', String(rule.handle)]);
  const tool = `${table.family === 'ip6' ? 'ip6tables' : 'iptables'}-${table.backend === 'iptables-legacy' ? 'legacy' : 'nft'}`;
  return shellCommand([tool, '-t', table.name, '-D', chain.name, String(rule.position)]);
}

export const staleDnat: FindingRule = {
  code: 'STALE_DNAT',
  severity: 'MEDIUM',
  title: 'A port is translated to an address that nobody has',
  why: 'Connections to that port time out, or end with whichever container gets the address next.',
  mend: 'Delete the rule; if Docker left it behind, restarting the engine writes its rules anew.',
  dependsOn: [],
  *check(scene) {
    const used = usedAddresses(scene);
    if (!used) return;
    const bridged = [...scene.networks.values()].filter(({ driver }) => driver === 'bridge');
    for (const { address, port: _, ...placed } of translations(scene)) {
      const network = bridged.find(({ ipam }) => ipam.map(({ subnet }) => parsePrefix(subnet)).some((prefix) => prefix && contains(prefix, address)));
      if (!network || used.has(address)) continue;
      yield {
        subject: { kind: 'natRule', name: placed.rule.text, rule: placed },
        text: `Rule ${placed.rule.position} of ${placed.table.name} ${placed.chain.name} translates to ${address} in network ${network.name}, an address that no container has.`,
        evidence: [proof(scene, placed.netns, placed.rule.source, placed.rule.text, placed.rule.counters)],
        remedy: removal(placed),
      };
    }
  },
};
