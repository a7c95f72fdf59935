import type { MutationResolvers } from '../generated/graphql.ts';
import { deleteSnapshot } from '../operations/delete-snapshot.ts';
import { labelSnapshot } from '../operations/label-snapshot.ts';
import { takeSnapshot } from '../operations/take-snapshot.ts';

import { intentMutations } from './intents.ts';

export const Mutation: MutationResolvers = {
  takeSnapshot: (_, { label }, context) => takeSnapshot(context, { label: label ?? null }),
  labelSnapshot: (_, { id, label }, context) => labelSnapshot(context, { id, label: label ?? null }),
  deleteSnapshot: (_, { id }, context) => deleteSnapshot(context, { id }),
  ...intentMutations,
};
