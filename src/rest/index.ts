/** REST: a thin layer of paths over the operations. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../operations/context.ts';
import { type Call, guarded, targetOf } from '../operations/guarded.ts';
import { describeHttpError } from '../operations/http-status.ts';
import { during } from '../operations/telemetry.ts';
import { databaseRoutes } from './database.ts';
import { flowRoutes } from './flows.ts';
import { intentRoutes } from './intents.ts';
import { listRoutes } from './lists.ts';
import { openApi } from './openapi.ts';
import { problem } from './problem.ts';
import { reachabilityRoute } from './reachability.ts';
import type { Request, Route } from './route.ts';
import { scheduleRoutes } from './schedules.ts';
import { snapshotRoutes } from './snapshots.ts';

/** What a request works with. */
export type ContextOf = (request: FastifyRequest, reply: FastifyReply) => Context;

export const PREFIX = '/api/v1';

const routes: readonly Route[] = [...listRoutes, ...snapshotRoutes, ...scheduleRoutes, ...databaseRoutes, ...intentRoutes, ...flowRoutes, reachabilityRoute];

export async function registerRest(app: FastifyInstance, contextOf: ContextOf): Promise<void> {
  const document = openApi(routes, PREFIX);
  await app.register(
    async (api) => {
      for (const route of routes) {
        api.route({
          method: route.method,
          url: route.path.replace(/\{(\w+)\}/g, ':$1'),
          handler: async (request, reply) => {
            const context = contextOf(request, reply);
            const scope = route.scope ?? 'read';
            const target = targetOf({ ...(request.body ?? {}), ...(request.params ?? {}) });
            const call: Call = { door: 'rest', operation: `${route.method} ${route.path}`, target, scope };
            const work = () => during(context, call.operation, { 'netwhy.door': 'rest' }, () => route.run(context, request as unknown as Request));
            // What changes something runs to its end: it must not be left half done.
            const bounded = context.allowance && scope === 'read' ? () => context.allowance!.within(work) : work;
            return reply.status(route.status ?? 200).send(await guarded(context, call, bounded));
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
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const { shown, status, headers } = describeHttpError(error);
    if (shown.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
    return reply
      .status(status)
      .headers(headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem(shown, request.id, status)));
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split('?')[0]}.`;
    const document = problem({ code: 'NOT_FOUND', message, hint: 'See /api/v1/openapi.json, or /graphql.', candidates: [] }, request.id);
    return reply.status(404).type('application/problem+json').send(JSON.stringify(document));
  });
}
