import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Context } from '../operations/context.ts';
import { costProblem } from './cost.ts';

/** Refuses what would cost too much before it runs. */
export const costPlugin = (limit: number): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operationName, request: { variables } }) => {
      const problem = costProblem({ schema, document, operationName, variables }, limit);
      if (problem) throw new GraphQLError(problem.message, { originalError: problem, extensions: { http: { status: 400 } } });
    },
  }),
});
