/** GraphQL over a WebSocket: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, with the limits and errors of HTTP. */
import { type DocumentNode, type ExecutionArgs, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { makeHandler } from 'graphql-ws/use/@fastify/websocket';
import type { Context } from '../operations/context.ts';
import { formatError } from './format-error.ts';
import { limits } from './limits.ts';

/** Operations at a time on one connection. */
const MAX_OPERATIONS = 100;

export function socketHandler(schema: GraphQLSchema, context: Context) {
  const format = formatError(context.report);
  const formatted = (errors: readonly GraphQLError[]) => errors.map((error) => format(error.toJSON(), error));
  return makeHandler({
    isProd: true,
    onSubscribe: ({ subscriptions }, _, { query, operationName, variables }): ExecutionArgs | readonly GraphQLError[] => {
      if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
        const extensions = { code: 'BAD_ARGUMENT', hint: 'End one first.' };
        return [new GraphQLError(`More than ${MAX_OPERATIONS} operations at a time are refused.`, { extensions })];
      }
      const document = parsed(query);
      if (document instanceof GraphQLError) return [document];
      const errors = validate(schema, document, [...specifiedRules, limits]);
      if (errors.length > 0) return errors;
      return {
        schema,
        document,
        contextValue: context,
        ...(operationName != null && { operationName }),
        ...(variables != null && { variableValues: variables }),
      };
    },
    onError: (_, __, ___, errors) => formatted(errors),
    onNext: (_, __, ___, ____, { errors, data, extensions }) => ({
      ...(data !== undefined && { data }),
      ...(extensions && { extensions }),
      ...(errors && { errors: formatted(errors) }),
    }),
  });
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
