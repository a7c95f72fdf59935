import type { MutationResolvers, QueryResolvers } from '../generated/graphql.ts';
import { checkDatabase } from '../operations/check-database.ts';
import { doctor } from '../operations/doctor/doctor.ts';
import { pinSnapshot } from '../operations/pin-snapshot.ts';
import { pruneSnapshots } from '../operations/prune-snapshots.ts';

export const databaseQueries: QueryResolvers = {
  doctor: (_, _input, context) => doctor(context),
  checkDatabase: async (_, _input, context) => {
    const { damage, ...counts } = await checkDatabase(context);
    return { ...counts, damage: damage.map((one) => ({ ...one, snapshotId: one.snapshotId === null ? null : String(one.snapshotId) })) };
  },
};

export const databaseMutations: MutationResolvers = {
  pinSnapshot: (_, { id, pinned }, context) => pinSnapshot(context, { id, pinned: pinned ?? true }),
  pruneSnapshots: async (_, { dryRun }, context) => {
    const { deleted, ...rest } = await pruneSnapshots(context, { dryRun: dryRun ?? false });
    return { ...rest, deleted: deleted.map(String) };
  },
};
