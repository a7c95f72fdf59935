import type { CauseResolvers, SinceResolvers } from '../generated/graphql.ts';
import type { Answer } from '../model/answer.ts';

export type SinceModel = NonNullable<Answer['since']>;

export const Cause: CauseResolvers = {
  parameters: ({ parameters }) => Object.entries(parameters).map(([key, value]) => ({ key, value })),
};

export const Since: SinceResolvers = { snapshotId: ({ snapshotId }) => String(snapshotId) };
