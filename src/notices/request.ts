/** The request that tells a target. */
import { createHmac } from 'node:crypto';
import type { Notice, NoticeFormat } from '../model/notice.ts';
import { chatText } from '../util/chat-text.ts';
import { never } from '../util/invariant.ts';

export interface NoticeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * `x-netwhy-signature` is `sha256=` and the HMAC-SHA256 in hexadecimal, by the secret, of `x-netwhy-timestamp` (seconds since 1970), a dot and the body.
 * `x-netwhy-notice` is the notice's id: the same when it is told again. `now`: milliseconds since 1970.
 */
export function noticeRequest(notice: Notice, format: NoticeFormat, secret: string | null, now: number): NoticeRequest {
  const body = JSON.stringify(bodyOf(notice, format));
  const timestamp = String(Math.floor(now / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'netwhy',
    'x-netwhy-notice': String(notice.id),
    'x-netwhy-timestamp': timestamp,
  };
  if (secret !== null) headers['x-netwhy-signature'] = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  return { headers, body };
}

function bodyOf(notice: Notice, format: NoticeFormat): unknown {
  switch (format) {
    case 'json': {
      const { deliveries: _, ...told } = notice;
      return told;
    }
    case 'slack':
      return { text: chatText(notice.text), link_names: false, unfurl_links: false, unfurl_media: false };
    default:
      return never(format);
  }
}
