import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { describeError } from '../operations/describe-error.ts';

/** Errors of the document itself stay as they are; those of operations get code, hint and candidates; bugs are masked. */
export function formatError(report: (error: unknown) => void) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error);
    if (cause instanceof GraphQLError) return formatted;
    const { code, message, hint, candidates } = describeError(cause);
    if (code === 'INTERNAL') report(cause);
    const { locations, path } = formatted;
    return { message, ...(locations && { locations }), ...(path && { path }), extensions: { code, hint, candidates } };
  };
}
