/** From credentials to who it is. */
import { type ApiToken, LOCAL, NOBODY, type Principal } from '../model/access.ts';
import { UserError } from '../model/errors.ts';
import type { Oidc } from './oidc.ts';
import { hashOf, PREFIX } from './secret.ts';

/** Where tokens are kept. */
export interface Tokens {
  find(hash: string): Promise<ApiToken | null>;
  used(id: number, at: Date): Promise<void>;
}

interface Parts {
  readonly tokens: () => Promise<Tokens>;
  readonly oidc: Oidc | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

export type Authenticate = (authorization: string | undefined, trusted: boolean) => Promise<Principal>;

/** Milliseconds between two notes of when a token was used. */
const NOTED = 60_000;

/**
 * Says who sends the header `Authorization`; without one, a `trusted` request is the machine's own.
 * Throws UserError UNAUTHENTICATED for what is no valid token, ISSUER_UNREACHABLE or STORE_FAILED when that cannot be told.
 */
export function authenticator({ tokens, oidc, now, report }: Parts): Authenticate {
  const ofToken = async (secret: string): Promise<Principal> => {
    const hash = hashOf(secret);
    if (hash === null) throw refused('is not whole', 'Copy all of it: 53 characters.');
    const stored = await tokens();
    // The database compares hashes. How long that takes tells of the hash alone, from which nobody comes back to a token.
    const token = await stored.find(hash);
    if (token === null) throw refused('is not known here');
    if (token.revokedAt !== null) throw refused('is revoked');
    if (token.expiresAt !== null && Date.parse(token.expiresAt) <= now()) throw refused('has expired');
    // Not waited for: a snapshot may be being written, and a database that cannot be written to still answers.
    if (isNews(token)) stored.used(token.id, new Date(now())).catch(report);
    return { name: `${token.name} (token ${token.id})`, scopes: token.scopes };
  };

  const noted = new Map<number, number>();
  const isNews = ({ id, lastUsedAt }: ApiToken): boolean => {
    const last = Math.max(noted.get(id) ?? 0, lastUsedAt === null ? 0 : Date.parse(lastUsedAt));
    if (now() - last < NOTED) return false;
    noted.set(id, now());
    return true;
  };

  return async (authorization, trusted) => {
    if (authorization === undefined) return trusted ? LOCAL : NOBODY;
    const [, bearer] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
    if (bearer === undefined) throw refused('is not sent as one', 'The header is `Authorization: Bearer TOKEN`.');
    if (bearer.startsWith(PREFIX) || oidc === null) return ofToken(bearer);
    return oidc.verify(bearer);
  };
}

const refused = (what: string, hint = 'Make another with `netwhy token create` on the machine of the service.') =>
  new UserError('UNAUTHENTICATED', `The token ${what}.`, hint);
