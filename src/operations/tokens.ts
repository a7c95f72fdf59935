/** Tokens of the API. Whoever holds one may do what its scopes say, so its secret is shown once and kept nowhere. */
import { z } from 'zod';
import { hashOf, newSecret } from '../access/secret.ts';
import { type ApiToken, SCOPES } from '../model/access.ts';
import { UserError } from '../model/errors.ts';
import { parseDuration } from '../util/duration.ts';
import { invariant } from '../util/invariant.ts';
import type { Context } from './context.ts';
import { parseInput } from './parse-input.ts';

const time = z.string().nullable();

export const apiTokenSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: z.string(),
    expiresAt: time.describe('Null: never.'),
    lastUsedAt: time.describe('To the minute; null: never.'),
    revokedAt: time.describe('Null: it is not.'),
  })
  .meta({ id: 'ApiToken' });

export const newTokenSchema = z
  .object({ secret: z.string().describe('What to send as `Authorization: Bearer SECRET`: shown this once.'), token: apiTokenSchema })
  .meta({ id: 'NewApiToken' });
export type NewApiToken = z.infer<typeof newTokenSchema>;

export const tokenInput = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,100}$/u, 'must be 1 to 100 characters, none of them a control character')
    .describe('Who or what it is for.'),
  scopes: z.array(z.enum(SCOPES)).min(1, 'must name at least one scope').describe('What it allows; every scope allows to read too, `admin` everything.'),
  expires: z
    .string()
    .refine((text) => text === 'never' || (parseDuration(text) ?? 0) > 0, 'must be a duration, for example 12h, 90d or 1y, or `never`')
    .default('90d')
    .describe('From now: for example 12h, 90d or 1y, or `never`.'),
});

/** Throws UserError BAD_ARGUMENT or STORE_FAILED. */
export async function createToken(context: Context, input: unknown, now = Date.now()): Promise<NewApiToken> {
  const { name, scopes, expires } = parseInput(tokenInput as z.ZodType<z.output<typeof tokenInput>>, input, 'BAD_ARGUMENT', 'token');
  const secret = newSecret();
  const hash = hashOf(secret);
  invariant(hash, 'a new token is not whole');
  const life = parseDuration(expires);
  const expiresAt = life === null ? null : new Date(now + life);
  const { tokens } = await context.store();
  const token = await tokens.create({ name, hash, scopes: SCOPES.filter((scope) => scopes.includes(scope)), createdAt: new Date(now), expiresAt });
  return { secret, token: { ...token, scopes: [...token.scopes] } };
}

/** Oldest first, with those that are no longer valid. */
export async function listTokens(context: Context): Promise<readonly ApiToken[]> {
  return (await context.store()).tokens.list();
}

/** It is refused from now on. Throws UserError NOT_FOUND or STORE_FAILED. */
export async function revokeToken(context: Context, input: { readonly id: string }, now = Date.now()): Promise<ApiToken> {
  const { tokens } = await context.store();
  const token = /^\d{1,9}$/.test(input.id) ? await tokens.revoke(Number(input.id), new Date(now)) : null;
  if (token) return token;
  throw new UserError('NOT_FOUND', `There is no token ${JSON.stringify(input.id.slice(0, 100))}.`, 'Use an id that `netwhy token list` shows.');
}
