import { z } from 'zod';
import type { Model } from '../../model/model.ts';
import { ruleEntity, ruleFilters, ruleMatches, ruleShape } from './rule-entity.ts';
import { familyOfRule, matched, natOf, natTarget, type PlacedRule, placedRules, showAddress, showNumber, showProtocol } from './rule-parts.ts';
import { equal, FIREWALL_SOURCES, filters, type View, withUniqueIds } from './view.ts';

const text = (description: string) => z.string().nullable().describe(description);

const entity = z
  .object({
    ...ruleShape,
    protocol: text('Protocol that it looks for; null when it does not, or by a set.'),
    source: text('Source prefix that it looks for; `!` before one that is excluded.'),
    hostIp: text('Destination address or prefix that it looks for.'),
    port: text('Destination port or range that it looks for.'),
    inInterface: text('Incoming interface that it looks for.'),
    outInterface: text('Outgoing interface that it looks for.'),
    targetAddress: text('Address or range that it translates to.'),
    targetPort: text('Port or range that it translates to.'),
    targetContainerName: text('Container on the same host that has the target address.'),
  })
  .readonly();
export type NatRuleEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  ...ruleFilters,
  container: z.string().optional().describe('Name of the container that it translates to.'),
  address: z.string().optional().describe('Address that it looks for or translates to.'),
  port: filters.port,
  protocol: filters.protocol,
});

/** In the order in which they stand. */
export const natRules: View<NatRuleEntity, z.infer<typeof filter>> = {
  kind: 'natRule',
  entity,
  filter,
  sources: FIREWALL_SOURCES,
  list: (model) => {
    const names = containerNames(model);
    return withUniqueIds(placedRules(model, true).map((placed) => natRule(placed, names)));
  },
  matches: (rule, wanted) => {
    const port = wanted.port === undefined ? undefined : String(wanted.port);
    return (
      ruleMatches(rule, wanted as Partial<Record<keyof typeof ruleFilters, string>>) &&
      equal(wanted.container, rule.targetContainerName) &&
      equal(wanted.address, rule.hostIp, rule.source, rule.targetAddress) &&
      equal(port, rule.port, rule.targetPort) &&
      equal(wanted.protocol, rule.protocol)
    );
  },
};

/** `host/address` → container. */
function containerNames(model: Model): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const host of model.hosts) {
    for (const container of host.containers.known ? host.containers.value : []) {
      for (const endpoint of container.endpoints) {
        for (const address of [endpoint.ipv4, endpoint.ipv6]) if (address) found.set(`${host.name}/${address}`, container.name);
      }
    }
  }
  return found;
}

function natRule(placed: PlacedRule, names: ReadonlyMap<string, string>): NatRuleEntity {
  const { table, rule, netns } = placed;
  const common = ruleEntity('natRule', placed);
  const family = rule ? familyOfRule(table, rule) : 4;
  const find = (fields: readonly string[], show: Parameters<typeof matched>[2]) => (rule ? matched(rule, fields, show) : null);
  const target = natTarget(rule && natOf(rule), family);
  return {
    ...common,
    protocol: find(['meta.l4proto', 'ip.protocol', 'ip6.nexthdr'], showProtocol) ?? impliedProtocol(placed),
    source: find(['ip.saddr', 'ip6.saddr'], showAddress(family)),
    hostIp: find(['ip.daddr', 'ip6.daddr'], showAddress(family)),
    port: find(['th.dport', 'tcp.dport', 'udp.dport', 'sctp.dport'], showNumber),
    inInterface: find(['meta.iifname'], showNumber),
    outInterface: find(['meta.oifname'], showNumber),
    targetAddress: target.address,
    targetPort: target.port,
    targetContainerName: (target.address && names.get(`${netns.host}/${target.address}`)) ?? null,
  };
}

/** nft's `tcp dport 80` says the protocol with the port. */
function impliedProtocol({ rule }: PlacedRule): string | null {
  for (const protocol of ['tcp', 'udp', 'sctp']) {
    if (rule && matched(rule, [`${protocol}.dport`, `${protocol}.sport`], showNumber) !== null) return protocol;
  }
  return null;
}
