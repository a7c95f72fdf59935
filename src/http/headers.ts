import type { FastifyInstance } from 'fastify';

/** For all that is no page: a page says more. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** On every answer, errors too; `encrypted`: browsers shall not come without TLS any more. */
export function securityHeaders(app: FastifyInstance, encrypted: boolean): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(HEADERS);
    if (encrypted) reply.header('strict-transport-security', 'max-age=31536000');
  });
}
