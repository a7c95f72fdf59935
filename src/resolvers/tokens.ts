import type { ApiTokenResolvers, MutationResolvers, QueryResolvers } from '../generated/graphql.ts';
import { createToken, listTokens, revokeToken } from '../operations/tokens.ts';

export const tokenQueries = { apiTokens: (_, __, context) => listTokens(context) } satisfies QueryResolvers;

export const tokenMutations = {
  createToken: (_, { name, scopes, expires }, context) => createToken(context, { name, scopes, ...(expires != null && { expires }) }),
  revokeToken: (_, { id }, context) => revokeToken(context, { id }),
} satisfies MutationResolvers;

export const ApiToken: ApiTokenResolvers = { id: ({ id }) => String(id) };
