/** What a client may keep: answers of the past until they are different, and nothing of now. RFC 9110, 8.8.3 and 13.1.2. */
import { createHash } from 'node:crypto';

const LIVE = new Set(['live', 'now']);
const isLive = (reference: unknown): boolean => typeof reference === 'string' && LIVE.has(reference);

type Fields = Readonly<Record<string, unknown>>;

/** Whether an answer is of now: it says so itself, or it is `unlessAt` names a snapshot. */
export function isOfNow(query: Fields, unlessAt: boolean, result: unknown): boolean {
  const fields: Fields = typeof result === 'object' && result !== null && !Array.isArray(result) ? (result as Fields) : {};
  if ('snapshot' in fields) return fields.snapshot === null;
  if ('from' in fields && 'to' in fields) return fields.from === null || fields.to === null;
  return unlessAt && (query.at === undefined || isLive(query.at));
}

export const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;

/** `header`: If-None-Match. */
export function isKnown(etag: string, header: string | undefined): boolean {
  const known = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}

/** Whether a client with this Accept header takes JSON. */
export function takesJson(header: string | undefined): boolean {
  if (!header) return true;
  return header.split(',').some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return /^(\*\/\*|application\/(\*|json|problem\+json))$/.test(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
