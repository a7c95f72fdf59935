/** JWTs of an OpenID provider: its keys are found by discovery, and fetched again when it signs with a new one. */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Principal, SCOPES } from '../model/access.ts';
import { UserError } from '../model/errors.ts';
import type { OidcSettings } from './settings.ts';

/** Signatures with a public key: with a shared one, whoever can check could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Seconds by which clocks may differ. */
const TOLERANCE = 30;
/** Milliseconds that the issuer has to answer. */
const TIMEOUT = 5000;
/** Milliseconds between two looks for new keys. */
const COOLDOWN = 10_000;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

export class Oidc {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  readonly #cooldown: number;
  #keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(settings: OidcSettings, now: () => number, cooldown = COOLDOWN) {
    this.#settings = settings;
    this.#now = now;
    this.#cooldown = cooldown;
  }

  /** Throws UserError UNAUTHENTICATED, or ISSUER_UNREACHABLE when its keys cannot be had. */
  async verify(jwt: string): Promise<Principal> {
    const { issuer, audience } = this.#settings;
    const keys = await this.#discovered();
    const rules = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE, requiredClaims: ['exp', 'sub'], currentDate: new Date(this.#now()) };
    const { payload } = await jwtVerify(jwt, keys, rules).catch((error: unknown) => {
      throw refusal(error, issuer);
    });
    return { name: `${payload.sub?.slice(0, 200)} (${issuer})`, scopes: this.#scopesOf(payload) };
  }

  #discovered(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#discover();
    // An issuer that did not answer may do so the next time.
    this.#keys.catch(() => {
      this.#keys = null;
    });
    return this.#keys;
  }

  async #discover(): Promise<JWTVerifyGetKey> {
    const { issuer } = this.#settings;
    try {
      const where = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const response = await fetch(where, { signal: AbortSignal.timeout(TIMEOUT), redirect: 'error' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const found = discovery.parse(await response.json());
      if (found.issuer !== issuer) throw new Error(`it calls itself ${found.issuer.slice(0, 200)}`);
      const uri = new URL(found.jwks_uri);
      if (uri.protocol !== 'https:' && new URL(issuer).protocol === 'https:') throw new Error('its keys are not behind https');
      return createRemoteJWKSet(uri, { timeoutDuration: TIMEOUT, cooldownDuration: this.#cooldown });
    } catch (error) {
      throw unreachable(issuer, error);
    }
  }

  #scopesOf(payload: JWTPayload) {
    const held = claimed(payload, this.#settings.scopeClaim);
    return SCOPES.filter((scope) => this.#settings.scopes[scope].some((value) => held.includes(value)));
  }
}

/** A claim may have dots in its own name. */
function claimed(payload: JWTPayload, name: string): readonly string[] {
  const inner = (value: unknown, key: string) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined);
  const value = payload[name] ?? name.split('.').reduce<unknown>(inner, payload);
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function refusal(error: unknown, issuer: string): UserError {
  if (error instanceof errors.JWTExpired) return invalid('has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`is not valid: its claim ${error.claim} is ${error.reason === 'missing' ? 'missing' : 'wrong'}`);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('is signed in a way that is not accepted');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return invalid('is signed with a key that its issuer does not have');
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('has a wrong signature');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return invalid('is none that can be read');
  return unreachable(issuer, error);
}

const invalid = (what: string) => new UserError('UNAUTHENTICATED', `The token ${what}.`, 'Get a new one from its issuer.');

function unreachable(issuer: string, error: unknown): UserError {
  const reason = error instanceof z.ZodError ? 'what it says is no OpenID configuration' : reasonOf(error);
  return new UserError('ISSUER_UNREACHABLE', `The keys of ${issuer} cannot be had: ${reason}.`, 'Try again; an API token works meanwhile.');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it does not answer';
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string };
  return code ?? message ?? error.message.replace(/\.$/, '');
}
