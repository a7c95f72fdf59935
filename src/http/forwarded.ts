import type { IncomingHttpHeaders } from 'node:http';

/** What proxies add to what they pass on. https://www.rfc-editor.org/rfc/rfc7239, RFC 9110 7.6.3 */
const HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

export const isForwarded = (headers: IncomingHttpHeaders): boolean => HEADERS.some((name) => headers[name] !== undefined);
