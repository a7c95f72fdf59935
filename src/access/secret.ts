/** Secrets of API tokens: `nwt_`, 256 random bits, and a checksum by which typing errors and leaked tokens are recognized. */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PATTERN = /^(nwt_[A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;
export const PREFIX = 'nwt_';

export function newSecret(): string {
  const body = PREFIX + randomBytes(32).toString('base64url');
  return body + checksum(body);
}

/** Null when it is no whole token, as with a character too few or wrong. */
export function hashOf(secret: string): string | null {
  const [, body, tail] = PATTERN.exec(secret) ?? [];
  if (body === undefined || checksum(body) !== tail) return null;
  // A slow hash protects what can be guessed, as passwords can. 256 random bits cannot: one fast round leaves nothing to search.
  return createHash('sha256').update(secret).digest('hex');
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64url');
}
