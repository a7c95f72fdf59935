import type { Scope } from '../model/access.ts';

/** Whose JWTs are accepted. https://openid.net/specs/openid-connect-discovery-1_0.html */
export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that says what the bearer may do: a text with spaces between, or a list. A dot leads into a claim of objects. */
  readonly scopeClaim: string;
  /** Which of its values give a scope. */
  readonly scopes: Readonly<Record<Scope, readonly string[]>>;
}

export interface AccessSettings {
  /** Where people reach the service, for links; no slash at its end. Null: they ask it by the address that it listens on. */
  readonly publicUrl: string | null;
  /** Origins whose pages may ask. */
  readonly cors: readonly string[];
  /** Files in PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Null: nothing is limited. */
  readonly rateLimit: RateLimit | null;
  /** What a request over loopback needs. */
  readonly loopback: 'open' | 'token';
  /** A request that a proxy on this machine passes on counts as one over loopback. */
  readonly trustProxy: boolean;
  readonly oidc: OidcSettings | null;
}

export interface RateLimit {
  /** Requests of one token, or of one address where there is none. */
  readonly perMinute: number;
  /** Operations at a time that take long; others wait for their turn. */
  readonly concurrency: number;
}

export const OPEN: AccessSettings = { publicUrl: null, cors: [], tls: null, rateLimit: null, loopback: 'open', trustProxy: false, oidc: null };
