/** Tokens of the API, by the hash of their secrets. */
import type { ApiToken as Row } from '../generated/sqlite/client.ts';
import { type ApiToken, SCOPES, type Scope } from '../model/access.ts';
import type { Database } from './database.ts';
import { write } from './write.ts';

export interface NewToken {
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

function read({ id, name, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }: Row): ApiToken {
  const text = (date: Date | null) => date?.toISOString() ?? null;
  const held = scopes.split(',');
  return {
    id,
    name,
    scopes: SCOPES.filter((scope) => held.includes(scope)),
    createdAt: createdAt.toISOString(),
    expiresAt: text(expiresAt),
    lastUsedAt: text(lastUsedAt),
    revokedAt: text(revokedAt),
  };
}

export function apiTokens(database: Database) {
  return {
    create: async ({ scopes, ...token }: NewToken): Promise<ApiToken> =>
      read(await write(database, (session) => session.apiToken.create({ data: { ...token, scopes: scopes.join(',') } }))),

    /** Oldest first. */
    list: async (): Promise<ApiToken[]> => (await database.apiToken.findMany({ orderBy: { id: 'asc' } })).map(read),

    /** Null when there is none. */
    find: async (hash: string): Promise<ApiToken | null> => {
      const row = await database.apiToken.findUnique({ where: { hash } });
      return row && read(row);
    },

    /** One that is revoked already stays so since then. Null when there is none. */
    revoke: async (id: number, at: Date): Promise<ApiToken | null> =>
      write(database, async (session) => {
        await session.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
        const row = await session.apiToken.findUnique({ where: { id } });
        return row && read(row);
      }),

    used: async (id: number, at: Date): Promise<void> => {
      await write(database, (session) => session.apiToken.updateMany({ where: { id }, data: { lastUsedAt: at } }));
    },
  };
}
