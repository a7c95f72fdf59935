import type { AnswerResolvers, CauseResolvers } from '../generated/graphql.ts';
import { since } from '../operations/since.ts';

export const Answer: AnswerResolvers = { since: (answer, _, context) => since(context, answer) };

export const Cause: CauseResolvers = {
  parameters: ({ parameters }) => Object.entries(parameters).map(([key, value]) => ({ key, value })),
};
