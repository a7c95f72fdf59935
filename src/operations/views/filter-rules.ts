import { z } from 'zod';
import { type RuleEntity, ruleEntity, ruleFilters, ruleMatches, ruleShape } from './rule-entity.ts';
import { placedRules } from './rule-parts.ts';
import { FIREWALL_SOURCES, type View, withUniqueIds } from './view.ts';

const filter = z.strictObject(ruleFilters);

/** All rules but those of nat chains, and the policies of base chains; in the order in which they stand. */
export const filterRules: View<RuleEntity, z.infer<typeof filter>> = {
  kind: 'filterRule',
  entity: z.object(ruleShape).readonly(),
  filter,
  sources: FIREWALL_SOURCES,
  list: (model) => withUniqueIds(placedRules(model, false).map((placed) => ruleEntity('filterRule', placed))),
  matches: ruleMatches,
};
