import type { IntentPeriodResolvers, MutationResolvers, NoticeResolvers, QueryResolvers } from '../generated/graphql.ts';
import { check } from '../operations/check.ts';
import { intentHistory, intents } from '../operations/intents.ts';
import { listNotices, retryNotice } from '../operations/notices.ts';
import { pageInput } from './connection.ts';

export const intentQueries = {
  check: (_, { intents, at }, context) => check(context, { intents: intents ?? null, at: at ?? null }),
  intents: (_, { at }, context) => intents(context, { at: at ?? null }),
  intentHistory: (_, input, context) => intentHistory(context, { intent: input.intent, ...pageInput(input) }),
  notices: (_, input, context) => listNotices(context, { ...pageInput(input), dead: input.dead ?? false }),
} satisfies QueryResolvers;

export const intentMutations = {
  retryNotice: (_, { id }, context) => retryNotice(context, { id }),
} satisfies MutationResolvers;

export const IntentPeriod: IntentPeriodResolvers = {
  from: ({ from }) => String(from),
  to: ({ to }) => (to === null ? null : String(to)),
};

export const Notice: NoticeResolvers = {
  id: ({ id }) => String(id),
  snapshotId: ({ snapshotId }) => String(snapshotId),
};
