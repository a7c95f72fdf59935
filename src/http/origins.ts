/** Which pages in a browser may ask, and by which names. */
import type { FastifyInstance } from 'fastify';
import type { AccessSettings } from '../access/settings.ts';
import { isLoopbackHost } from '../util/loopback.ts';

/**
 * A page in a browser must not read or change anything, unless its origin is named: neither by its own origin nor by a name that resolves to
 * loopback, where no token is asked for.
 */
export function refuseOtherSites(app: FastifyInstance, { publicUrl, cors }: AccessSettings, loopback: boolean): void {
  const known = publicUrl === null ? null : new URL(publicUrl);
  app.addHook('onRequest', async (request) => {
    const host = request.headers.host ?? '';
    const { origin } = request.headers;
    const own = [`http://${host}`, `https://${host}`, known?.origin, ...cors];
    const foreign = origin !== undefined && !own.includes(origin);
    if (foreign || (loopback && !isLoopbackHost(host) && host !== known?.host)) {
      throw Object.assign(new Error('Requests from other sites are refused: ask netwhy by the address that it listens on, or name the other as `publicUrl`.'), {
        statusCode: 403,
      });
    }
  });
}

const ASKED = 'access-control-request-method';

/** https://fetch.spec.whatwg.org/#http-cors-protocol, for the named origins and without credentials: there are no cookies. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (origin === undefined || !origins.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'ETag, Retry-After, WWW-Authenticate',
      'cross-origin-resource-policy': 'cross-origin',
    });
    if (request.method !== 'OPTIONS' || request.headers[ASKED] === undefined) return;
    const allowed = { methods: 'GET, POST, PATCH, DELETE', headers: 'Authorization, Content-Type, If-None-Match', 'max-age': '600' };
    for (const [name, value] of Object.entries(allowed)) reply.header(`access-control-${name === 'max-age' ? '' : 'allow-'}${name}`, value);
    return reply.code(204).send();
  });
}
