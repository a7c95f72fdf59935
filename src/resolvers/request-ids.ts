import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from '../operations/context.ts';

/** Errors say in which line of the log they are found. */
export const withRequestId = (error: GraphQLFormattedError, requestId: string | undefined): GraphQLFormattedError =>
  requestId === undefined ? error : { ...error, extensions: { ...error.extensions, requestId } };

export const requestIds: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response, contextValue }) => {
      const { body } = response;
      if (body.kind !== 'single' || !body.singleResult.errors) return;
      body.singleResult.errors = body.singleResult.errors.map((error) => withRequestId(error, contextValue.asking?.id));
    },
  }),
};
