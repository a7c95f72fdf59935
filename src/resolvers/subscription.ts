import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { Notice } from '../model/notice.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { DiffResult } from '../operations/diff.ts';
import type { Progress } from '../operations/events.ts';
import { diffDetected, intentChanged, snapshotProgress, snapshotTaken } from '../operations/subscriptions.ts';

/** What comes is the value of the field itself. */
export const Subscription: SubscriptionResolvers = {
  snapshotTaken: { subscribe: async (_, __, context) => snapshotTaken(context), resolve: (snapshot: SnapshotInfo) => snapshot },
  intentChanged: { subscribe: async (_, { intent }, context) => intentChanged(context, { intent: intent ?? null }), resolve: (notice: Notice) => notice },
  diffDetected: { subscribe: async (_, __, context) => diffDetected(context), resolve: (diff: DiffResult) => diff },
  snapshotProgress: { subscribe: (_, __, context) => snapshotProgress(context), resolve: (progress: Progress) => progress },
};
