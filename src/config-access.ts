/** The part of the configuration that says how the service is reached from elsewhere, and by whom. */
import path from 'node:path';
import { z } from 'zod';
import type { AccessSettings } from './access/settings.ts';
import { SCOPES, type Scope } from './model/access.ts';
import { isLoopbackHost } from './util/loopback.ts';

const isWeb = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const url = z
  .string()
  .refine(isWeb, 'must be an http or https URL, for example https://netwhy.example.org')
  .transform((text) => text.replace(/\/+$/, ''));
const origin = z.string().refine((text) => isWeb(text) && new URL(text).origin === text, 'must be an origin, for example https://dashboard.example.org');
/** Keys are fetched from there: nobody in between may change them. */
const issuer = z
  .string()
  .refine((text) => isWeb(text) && (text.startsWith('https:') || isLoopback(text)), 'must be an https URL, exactly as the issuer writes it in its tokens');
const names = z.union([
  z
    .string()
    .min(1)
    .transform((name) => [name]),
  z.array(z.string().min(1)).min(1),
]);

const granted = names.optional();
const scopes = z.strictObject({ read: granted, snapshot: granted, probe: granted, admin: granted });

const oidc = z.strictObject({
  issuer,
  audience: z.string().min(1),
  scopeClaim: z.string().min(1).default('scope'),
  scopes: scopes.default({}),
});

const access = z.strictObject({
  loopback: z.enum(['open', 'token']).optional(),
  trustProxy: z.boolean().default(false),
  oidc: oidc.optional(),
});

const file = z.string().min(1);
const count = z.number().int().min(1);

const tls = z.strictObject({ cert: file, key: file });
const rateLimit = z.strictObject({ perMinute: count.max(1_000_000).default(600), concurrency: count.max(1000).default(4) });

/** By the path of each in the file. */
export const accessEntries = { access, 'access.oidc': oidc, 'access.oidc.scopes': scopes, tls, rateLimit };

export const accessShape = {
  publicUrl: url.optional(),
  cors: z.array(origin).optional(),
  tls: tls.optional(),
  rateLimit: rateLimit.optional(),
  access: access.optional(),
};

type Written = { readonly [K in keyof typeof accessShape]?: z.output<(typeof accessShape)[K]> };

/** Files are named relative to that of the configuration. */
export function readAccess(file: string, { publicUrl, cors, tls, rateLimit, access }: Written): AccessSettings {
  const beside = (name: string) => path.resolve(path.dirname(file), name);
  return {
    publicUrl: publicUrl ?? null,
    cors: cors ?? [],
    tls: tls ? { cert: beside(tls.cert), key: beside(tls.key) } : null,
    rateLimit: rateLimit ?? { perMinute: 600, concurrency: 4 },
    // Whoever has a public name is asked by others, perhaps through a proxy on this machine that does not tell of them.
    loopback: access?.loopback ?? (publicUrl === undefined || isLoopback(publicUrl) ? 'open' : 'token'),
    trustProxy: access?.trustProxy ?? false,
    oidc: access?.oidc ? { ...access.oidc, scopes: values(access.oidc.scopes) } : null,
  };
}

/** A scope that is not mentioned is given by `netwhy:SCOPE`. */
const values = (written: z.output<typeof scopes>) =>
  Object.fromEntries(SCOPES.map((scope) => [scope, written[scope] ?? [`netwhy:${scope}`]])) as Record<Scope, string[]>;

const isLoopback = (text: string) => isLoopbackHost(new URL(text).host);
