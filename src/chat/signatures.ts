/** Who signed a request, and whether it was here before. */
import { createHash, createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

/** Seconds for which a request is good. */
const WINDOW = 300;

/** In constant time, whatever the lengths. */
export const sameSecret = (a: string, b: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
};

/** `seconds`: when it was signed, since 1970. */
export const isFresh = (seconds: number, now: number): boolean => Number.isFinite(seconds) && Math.abs(now / 1000 - seconds) <= WINDOW;

export interface Signed {
  /** Seconds since 1970, as written. */
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
}

/** https://api.slack.com/authentication/verifying-requests-from-slack */
export function isFromSlack(secret: string, { timestamp, signature, body }: Signed, now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now)) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return sameSecret(`v0=${expected}`, signature);
}

/** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook */
export function isFromTeams(secret: string, authorization: string, body: Buffer): boolean {
  const expected = createHmac('sha256', Buffer.from(secret, 'base64')).update(body).digest('base64');
  return sameSecret(`HMAC ${expected}`, authorization);
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key. */
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

export const discordKey = (hex: string): KeyObject => createPublicKey({ key: Buffer.concat([ED25519, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' });

/** https://discord.com/developers/docs/interactions/overview#validating-security-request-headers */
export function isFromDiscord(key: KeyObject, { timestamp, signature, body }: Signed, now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now) || !/^[0-9a-f]{128}$/i.test(signature)) return false;
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'));
}

/** What came in the last minutes, so that nothing is answered twice. */
export class Seen {
  readonly #until = new Map<string, number>();

  /** False when it was here before. */
  add(id: string, now: number): boolean {
    for (const [known, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(known);
    }
    if (this.#until.has(id)) return false;
    // Twice the window: a request may be signed for five minutes from now.
    this.#until.set(id, now + 2 * WINDOW * 1000);
    return true;
  }
}
