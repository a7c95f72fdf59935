/** Labels and options are free text: those that look like credentials are replaced, long ones cut. */
import { z } from 'zod';

const REDACTED = '(redacted)';
const LIMIT = 4096;

const WORDS = new Set([
  'pass',
  'pwd',
  'pw',
  'key',
  'keys',
  'auth',
  'basicauth',
  'authorization',
  'cred',
  'creds',
  'bearer',
  'cookie',
  'dsn',
  'jwt',
  'otp',
  'pin',
  'salt',
  'psk',
]);
const PARTS = /passw|passphrase|secret|credential|token|apikey|accesskey|privatekey|signingkey|encryptionkey/;

/** Split at punctuation and at the humps of camelCase, so that `authors` and `keycloak` are not taken for `auth` and `key`. */
function namesCredential(name: string): boolean {
  const words = name
    .slice(0, LIMIT)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => WORDS.has(word)) || PARTS.test(words.join(''));
}

const CREDENTIALS: readonly RegExp[] = [
  /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:]{0,256}:[^\s/@]{1,256}@/i, // a URL with a password
  /\beyJ[\w-]{8,}\.[\w-]{4,}/, // a JWT, RFC 7519
  /\b(gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|rk_live_|dckr_pat_|npm_|hvs\.|AIza)[\w-]{8,}/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/,
  /\$(apr1|1|2[abxy]|5|6|y|argon2\w{0,2})\$/, // a password hash, crypt(5)
  /\{SHA\}/,
  /\b(bearer|basic)\s+[\w+/=.~-]{8,}/i,
  /(passw(or)?d|pwd|secret|token|api_?key)["']?\s{0,4}[=:]\s{0,4}\S/i,
];

function looksRandom(value: string): boolean {
  return /^[\w+=-]{32,512}$/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

function redactValue(name: string, value: string): string {
  if (namesCredential(name) || looksRandom(value) || CREDENTIALS.some((pattern) => pattern.test(value))) return REDACTED;
  return cut(value);
}

function cut(text: string): string {
  return text.length > LIMIT ? `${text.slice(0, LIMIT)}(cut)` : text;
}

export function redact(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [cut(name), redactValue(name, value)]));
}

/** A map of free text as Docker gives it: labels, driver options. */
export const redactedMap = z
  .record(z.string(), z.coerce.string())
  .nullish()
  .transform((map) => (map ? redact(map) : map));
