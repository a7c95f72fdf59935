import type { FlowSetConnectionResolvers, QueryResolvers } from '../generated/graphql.ts';
import { matrix } from '../operations/matrix.ts';
import { connection, pageInput } from './connection.ts';

export const flowQueries: QueryResolvers = {
  reachabilityMatrix: (_, input, context) => matrix(context, { ...pageInput(input), filter: input.filter ?? {}, at: input.at ?? null }),
};

export const FlowSetConnection: FlowSetConnectionResolvers = connection;
