import type { NatRuleResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';

export const NatRule: NatRuleResolvers = {
  targetContainer: (rule) =>
    Estate.of(rule)
      .list('containers')
      .find((container) => container.host === rule.host && container.name === rule.targetContainerName) ?? null,
};
