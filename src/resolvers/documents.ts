/** GraphQL documents that are known by the SHA-256 of their text, and may be the only ones that are answered. */
import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { UserError } from '../model/errors.ts';
import type { Documents } from '../model/limits.ts';
import type { Context } from '../operations/context.ts';

/** A request that names its document by `documentId`, or as Apollo's clients do, with its text. Throws UserError BAD_QUERY for one that nobody knows. */
export function withText(documents: Documents, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { documentId, ...request } = body as { documentId?: unknown; query?: unknown; extensions?: { persistedQuery?: { sha256Hash?: unknown } } };
  const id = documentId ?? request.extensions?.persistedQuery?.sha256Hash;
  if (typeof id !== 'string' || (typeof request.query === 'string' && request.query !== '')) return body;
  const query = documents.byId.get(id.replace(/^sha256:/, ''));
  if (query === undefined)
    throw new UserError('BAD_QUERY', `No document has the id ${JSON.stringify(id.slice(0, 100))}.`, 'It must be in the file of `persistedDocuments`.');
  const { extensions: _, ...rest } = request;
  return { ...rest, query };
}

/** Null when the document may be asked. */
export function documentProblem({ byId, only }: Documents, text: string): UserError | null {
  if (!only || byId.has(createHash('sha256').update(text).digest('hex'))) return null;
  return new UserError('BAD_QUERY', 'Only known documents are answered here, and this is none of them.', 'Add it to the file of `persistedDocuments`.');
}

/** Over HTTP. */
export const documentsPlugin = (documents: Documents): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ source }) => {
      const problem = documentProblem(documents, source);
      if (problem) throw new GraphQLError(problem.message, { originalError: problem, extensions: { http: { status: 400 } } });
    },
  }),
});
