import type { Rule } from '../../model/firewall.ts';
import { contains, fromBigInt, parsePrefix } from '../../util/ip.ts';
import { shellCommand } from '../../util/shell.ts';
import type { PlacedRule } from '../found.ts';
import type { FindingRule } from '../rule.ts';
import { proof, type Scene } from '../scene.ts';

/** The one address that a rule translates to. */
function target(rule: Rule): string | null {
  const nat = rule.statements.find((statement) => statement.kind === 'nat');
  if (nat?.nat !== 'dnat' || !nat.address || nat.address.from !== nat.address.to) return null;
  return fromBigInt(nat.address.from, nat.address.to > 0xffff_ffffn ? 6 : 4);
}

function* dnatRules({ own }: Scene): Generator<PlacedRule & { readonly address: string }> {
  for (const table of own?.firewall.tables ?? []) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) {
        const address = target(rule);
        if (own && address !== null) yield { netns: own, table, chain, rule, address };
      }
    }
  }
}

/** Addresses in use; null where one may be missing. */
function inUse({ model, host, containers }: Scene): ReadonlySet<string> | null {
  const here = [...model.namespaces.values()].filter((netns) => netns.host === host.name);
  if (!host.containers.known || here.some(({ links }) => !links.known)) return null;
  const ofLinks = here.flatMap(({ links }) => (links.known ? links.value : [])).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const ofEndpoints = containers.flatMap(({ endpoints }) => endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat()));
  return new Set([...ofLinks, ...ofEndpoints]);
}

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
    const used = inUse(scene);
    if (!used) return;
    const bridged = [...scene.networks.values()].filter(({ driver }) => driver === 'bridge');
    for (const { address, ...placed } of dnatRules(scene)) {
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
