import { z } from 'zod';
import { actionOf, type PlacedRule, ruleId } from './rule-parts.ts';
import { equal, filters, hasText } from './view.ts';

/** Fields of every rule, whatever its table is for. */
export const ruleShape = {
  id: z.string().describe('Stable id, made of the place and the text of the rule: counters and moves in the chain do not change it.'),
  host: z.string().describe('Host that has it.'),
  namespace: z.string().describe('Key of its network namespace.'),
  backend: z.string().describe('iptables-legacy, iptables-nft or nftables.'),
  family: z.string().describe('Family of its table: ip, ip6, inet, bridge, arp or netdev.'),
  table: z.string().describe('Table.'),
  chain: z.string().describe('Chain.'),
  hook: z.string().nullable().describe('Hook of its chain; null for a chain that is only jumped to.'),
  position: z.number().int().nullable().describe("Place in its chain, from 1; null for the chain's policy."),
  text: z.string().describe('The rule as printed by its own tool.'),
  comment: z.string().nullable().describe('Comment.'),
  action: z.string().describe('What it does in the end: accept, drop, `jump CHAIN`, dnat, ..., `continue` when it only counts, `unknown` when not understood.'),
  packets: z.number().int().nullable().describe('Packets counted; null when it does not count.'),
  bytes: z.number().int().nullable().describe('Octets counted; null when it does not count.'),
};
const rule = z.object(ruleShape).readonly();
export type RuleEntity = z.infer<typeof rule>;

export const ruleFilters = {
  host: filters.host,
  namespace: filters.namespace,
  backend: z.string().optional().describe('iptables-legacy, iptables-nft or nftables.'),
  table: filters.table,
  chain: filters.chain,
  action: z.string().optional().describe('drop, accept, masquerade, `jump DOCKER-USER`, ...'),
  text: filters.text,
};

export function ruleEntity(kind: string, placed: PlacedRule): RuleEntity {
  const { netns, table, chain, rule } = placed;
  const policy = chain.base?.policy ?? 'accept';
  const counters = rule ? rule.counters : chain.base?.policyCounters;
  return {
    id: ruleId(kind, placed),
    host: netns.host,
    namespace: netns.key,
    backend: table.backend,
    family: table.family,
    table: table.name,
    chain: chain.name,
    hook: chain.base?.hook ?? null,
    position: rule?.position ?? null,
    text: rule ? rule.text : `policy ${policy}`,
    comment: rule?.comment ?? null,
    action: rule ? actionOf(rule) : policy,
    packets: counters?.packets ?? null,
    bytes: counters?.bytes ?? null,
  };
}

export const ruleMatches = (entity: RuleEntity, wanted: Partial<Record<keyof typeof ruleFilters, string>>) =>
  equal(wanted.host, entity.host) &&
  equal(wanted.namespace, entity.namespace) &&
  equal(wanted.backend, entity.backend) &&
  equal(wanted.table, entity.table) &&
  equal(wanted.chain, entity.chain) &&
  equal(wanted.action, entity.action) &&
  hasText(entity, wanted.text);
