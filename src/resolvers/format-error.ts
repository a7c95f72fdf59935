import { unwrapResolverError } from '@apollo/server/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { UserError } from '../model/errors.ts';
import { describeError, type ErrorDescription } from '../operations/describe-error.ts';
import { describeHttpError } from '../operations/http-status.ts';

/** Every error gets code, hint and candidates: what is wrong with the document itself too. Bugs are masked. */
export function formatError(report: (error: unknown) => void) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { code, message, hint, candidates } = described(error, formatted);
    if (code === 'INTERNAL') report(unwrapResolverError(error));
    const { locations, path } = formatted;
    return { message, ...(locations && { locations }), ...(path && { path }), extensions: { code, hint, candidates } };
  };
}

function described(error: unknown, { message, extensions }: GraphQLFormattedError): ErrorDescription {
  const cause = unwrapResolverError(error);
  if (!(cause instanceof GraphQLError)) return describeError(cause);
  if (cause.originalError instanceof UserError) return describeError(cause.originalError);
  if (extensions?.code === 'INTERNAL_SERVER_ERROR') return describeError(cause);
  return { code: 'BAD_QUERY', message, hint: 'Compare it with the schema, which introspection gives.', candidates: [] };
}

/** What is refused before GraphQL sees it, as a client of GraphQL expects it. */
export function graphqlErrors(error: Error & { readonly statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { shown, status, headers } = describeHttpError(error);
  const { message, ...extensions } = shown;
  if (shown.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
  return reply
    .status(status)
    .headers(headers)
    .type('application/json')
    .send(JSON.stringify({ errors: [{ message, extensions: { ...extensions, requestId: request.id } }] }));
}
