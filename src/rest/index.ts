/** REST: a thin layer of paths over the operations. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../operations/context.ts';
import { type Call, guarded, targetOf } from '../operations/guarded.ts';
import { describeHttpError } from '../operations/http-status.ts';
import { etagOf, isKnown, isOfNow, takesJson } from './caching.ts';
import { databaseRoutes } from './database.ts';
import { doctorRoute } from './doctor.ts';
import { flowRoutes } from './flows.ts';
import { intentRoutes } from './intents.ts';
import { listRoutes } from './lists.ts';
import { openApi } from './openapi.ts';
import { problem } from './problem.ts';
import { reachabilityRoute } from './reachability.ts';
import type { Request, Route } from './route.ts';
import { scheduleRoutes } from './schedules.ts';
import { snapshotRoutes } from './snapshots.ts';
import { tokenRoutes } from './tokens.ts';

/** What a request works with. */
export type ContextOf = (request: FastifyRequest, reply: FastifyReply) => Context;

export const PREFIX = '/api/v1';

/** By what they are about, as the document groups them. */
export const GROUPS: Readonly<Record<string, readonly Route[]>> = {
  lists: listRoutes,
  snapshots: snapshotRoutes,
  schedules: scheduleRoutes,
  database: databaseRoutes,
  intents: intentRoutes,
  tokens: tokenRoutes,
  reachability: [reachabilityRoute, ...flowRoutes],
  service: [doctorRoute],
};
export const routes = Object.values(GROUPS).flat();

export async function registerRest(app: FastifyInstance, contextOf: ContextOf): Promise<void> {
  const document = openApi(GROUPS, PREFIX);
  await app.register(
    async (api) => {
      // A form of another site can send text, but no JSON.
      api.removeContentTypeParser('text/plain');
      api.addHook('onRequest', async ({ method, headers }) => {
        if (method !== 'POST' || /^application\/json\b/i.test(headers['content-type'] ?? '')) return;
        throw Object.assign(new Error('A POST needs the header `Content-Type: application/json`, without a body too.'), { statusCode: 415 });
      });
      for (const route of routes) {
        api.route({
          method: route.method,
          url: route.path.replace(/\{(\w+)\}/g, ':$1'),
          handler: async (request, reply) => {
            if (!takesJson(request.headers.accept))
              throw Object.assign(new Error('The answer is application/json, which Accept excludes.'), { statusCode: 406 });
            const context = contextOf(request, reply);
            const scope = route.scope ?? 'read';
            const target = targetOf({ ...(request.body ?? {}), ...(request.params ?? {}) });
            const call: Call = { door: 'rest', operation: `${route.method} ${route.path}`, target, scope, heavy: route.heavy ?? false };
            const work = () => route.run(context, request as unknown as Request);
            // What changes something runs to its end: it must not be left half done.
            const bounded = context.allowance && scope === 'read' ? () => context.allowance!.within(work) : work;
            const result = await guarded(context, call, bounded);
            if (route.method !== 'GET') return reply.status(route.status ?? 200).send(result);
            const text = JSON.stringify(result);
            reply.type('application/json; charset=utf-8');
            const { query } = request as unknown as Request;
            if (isOfNow(query, route.ofNow ?? false, result)) return reply.header('cache-control', 'no-store').send(text);
            const etag = etagOf(text);
            reply.headers({ 'cache-control': 'private, no-cache', etag });
            return isKnown(etag, request.headers['if-none-match']) ? reply.status(304).send() : reply.send(text);
          },
        });
      }
      api.get('/openapi.json', async () => document);
    },
    { prefix: PREFIX },
  );
}

/** What Fastify itself refuses (no such path, broken JSON, too large) becomes a problem document too. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const allowed = methodsAt(path);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    const message = allowed.length > 0 ? `${path} does not take ${request.method}.` : `There is no ${request.method} ${path}.`;
    const document = problem(
      { code: 'NOT_FOUND', message, hint: 'See /api/v1/openapi.json, or /graphql.', candidates: [] },
      request.id,
      allowed.length > 0 ? 405 : 404,
    );
    return reply.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  });
}

/** What a path takes: none when it is not there. */
function methodsAt(path: string): readonly string[] {
  if (path === '/graphql') return ['GET', 'HEAD', 'POST'];
  const found = routes
    .filter((route) => new RegExp(`^${PREFIX}${route.path.replace(/\{\w+\}/g, '[^/]+')}/?$`).test(path))
    .map(({ method }) => method as string);
  return [...found, ...(found.includes('GET') ? ['HEAD'] : [])].sort();
}

/** Also of what is refused before there is a route: a path that cannot be decoded, or is too long. */
export function sendProblem(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { shown, status, headers } = describeHttpError(error);
  if (shown.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
  return reply
    .status(status)
    .headers(headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem(shown, request.id, status)));
}
