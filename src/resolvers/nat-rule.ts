import type { NatRuleResolvers } from '../generated/graphql.ts';
import { containerNamed } from './owners.ts';

export const NatRule: NatRuleResolvers = { targetContainer: (rule) => containerNamed(rule, rule.targetContainerName) };
