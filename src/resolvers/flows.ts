import type { FlowChangeConnectionResolvers, FlowSetConnectionResolvers, QueryResolvers } from '../generated/graphql.ts';
import { flowDiff } from '../operations/flow-diff.ts';
import { matrix } from '../operations/matrix.ts';
import { connection, pageInput, snapshotConnection } from './connection.ts';

export const flowQueries: QueryResolvers = {
  reachabilityMatrix: (_, input, context) => matrix(context, { ...pageInput(input), filter: input.filter ?? {}, at: input.at ?? null }),
  flowDiff: (_, input, context) => flowDiff(context, { ...pageInput(input), filter: input.filter ?? {}, from: input.from ?? null, to: input.to ?? null }),
};

export const FlowSetConnection: FlowSetConnectionResolvers = connection;
export const FlowChangeConnection: FlowChangeConnectionResolvers = snapshotConnection;
