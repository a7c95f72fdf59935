/** Each HTTP request: its id, its line in the log, what is told of it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Asking, RequestSpan, Telemetry } from '../model/telemetry.ts';

declare module 'fastify' {
  interface FastifyRequest {
    asking: Asking;
  }
}

const SANE = /^[A-Za-z0-9._-]{8,128}$/;

/** The caller's own id when it is one that can stand in a log, else a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}

const DOORS: readonly (readonly [string, string])[] = [
  ['/api/', 'rest'],
  ['/graphql', 'graphql'],
  ['/mcp', 'mcp'],
  ['/chat', 'chat'],
  ['/slack', 'chat'],
  ['/healthz', 'service'],
  ['/readyz', 'service'],
  ['/metrics', 'service'],
];

function doorOf({ ws, routeOptions }: FastifyRequest): string {
  if (ws) return 'websocket';
  const route = routeOptions.url ?? '';
  return DOORS.find(([start]) => route.startsWith(start))?.[1] ?? 'page';
}

/** To be called before other hooks: what they refuse is told of, too. */
export function observeRequests(app: FastifyInstance, telemetry: Telemetry | undefined): void {
  app.decorateRequest('asking', null as unknown as Asking);
  app.addHook('onRequest', async (request, reply) => {
    request.asking = { id: request.id, operations: [] };
    reply.header('x-request-id', request.id);
  });
  // Where one hook calls the next within a span, all that follows belongs to it; reading the body begins anew.
  app.addHook('onRequest', (request, _reply, next) => {
    const span = telemetry?.request(request.headers) ?? null;
    if (span === null) return next();
    spans.set(request, span);
    span.within(next);
  });
  app.addHook('preValidation', (request, _reply, next) => {
    const started = performance.now();
    // Nothing more is heard of a response once it is a WebSocket.
    if (request.ws) request.raw.socket.once('close', () => tell(request, 101, performance.now() - started, telemetry));
    const span = spans.get(request);
    if (span) span.within(next);
    else next();
  });
  app.addHook('onResponse', async (request, reply) => tell(request, reply.statusCode, reply.elapsedTime, telemetry));
}

const spans = new WeakMap<FastifyRequest, RequestSpan>();

function tell(request: FastifyRequest, status: number, ms: number, telemetry: Telemetry | undefined): void {
  const door = doorOf(request);
  const { method, asking } = request;
  const route = request.routeOptions.url ?? 'none';
  spans.get(request)?.end(`${method} ${route}`, { 'http.request.method': method, 'http.route': route, 'netwhy.request': asking.id }, status);
  telemetry?.saw({ kind: 'request', door, method, route, status, seconds: ms / 1000 });
  const operation = asking.operations.length > 0 ? asking.operations.join(' ') : `${method} ${route}`;
  const principal = request.operations?.principal.name;
  const line = { door, operation, status, ...(principal !== undefined && { principal }), ms: Math.round(ms * 10) / 10 };
  if (status >= 500) request.log.error(line, 'request');
  else if (door === 'service') request.log.debug(line, 'request');
  else request.log.info(line, 'request');
}
