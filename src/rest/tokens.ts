import { z } from 'zod';
import { apiTokenSchema, createToken, listTokens, newTokenSchema, revokeToken, tokenInput } from '../operations/tokens.ts';
import type { Route } from './route.ts';

export const tokenRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/tokens',
    scope: 'admin',
    ofNow: true,
    summary: 'All API tokens without their secrets, oldest first.',
    result: z.array(apiTokenSchema),
    run: (context) => listTokens(context),
  },
  {
    method: 'POST',
    path: '/tokens',
    scope: 'admin',
    summary: 'Makes an API token; its secret is in this answer and never again.',
    body: tokenInput,
    status: 201,
    result: newTokenSchema,
    run: (context, request) => createToken(context, request.body),
  },
  {
    method: 'DELETE',
    path: '/tokens/{id}',
    scope: 'admin',
    summary: 'Revokes an API token: it is refused from now on.',
    params: { id: 'Id of the token.' },
    result: apiTokenSchema,
    run: (context, request) => revokeToken(context, { id: request.params.id! }),
  },
];
