/** What every request goes through before its door: headers, origin, who it is, how often, and whether it may. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticate } from '../access/authenticate.ts';
import type { AccessSettings } from '../access/settings.ts';
import { type AuditEntry, NOBODY, type Principal } from '../model/access.ts';
import type { Context } from '../operations/context.ts';
import { describeError } from '../operations/describe-error.ts';
import { requireScope } from '../operations/require-scope.ts';
import { Slots } from '../operations/slots.ts';
import { isForwarded } from './forwarded.ts';
import { securityHeaders } from './headers.ts';
import { allowOrigins, refuseOtherSites } from './origins.ts';
import { type Count, requestCounter } from './rate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The context of who asks. */
    operations: Context;
  }
  interface FastifyContextConfig {
    /** Needs no token: `public` is for anybody, as often as they like; `signed` proves by other means who it is, which its route checks. */
    access?: 'public' | 'signed';
  }
}

export interface AuditLine extends AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly request: string;
  readonly address: string;
}

export interface Entrance {
  readonly context: Context;
  readonly settings: AccessSettings;
  /** The service listens on loopback alone. */
  readonly loopback: boolean;
  readonly authenticate: Authenticate;
  readonly audit: (line: AuditLine) => void;
  readonly now: () => number;
}

/** For what lasts longer than a request. */
export interface Doorman {
  /** Who it is by now, by these credentials, those of before, or those that came with the request. Throws UserError as Authenticate does. */
  enter(request: FastifyRequest, authorization?: string): Promise<Context>;
  count: Count;
}

export async function guardRequests(app: FastifyInstance, { context, settings, loopback, authenticate, audit, now }: Entrance): Promise<Doorman> {
  app.decorateRequest('operations');
  securityHeaders(app, settings.tls !== null);
  refuseOtherSites(app, settings, loopback);
  allowOrigins(app, settings.cors);
  const count = await requestCounter(app, settings.rateLimit);

  const slots = settings.rateLimit ? new Slots(settings.rateLimit.concurrency) : undefined;
  const isTrusted = ({ socket, headers }: FastifyRequest) =>
    loopback && settings.loopback === 'open' && isLoopback(socket.remoteAddress) && (settings.trustProxy || !isForwarded(headers));
  const as = (request: FastifyRequest, principal: Principal) => {
    const note = (entry: AuditEntry) => audit({ at: new Date(now()).toISOString(), ...entry, request: request.id, address: request.ip });
    request.operations = { ...context, principal, audit: note, asking: request.asking, slots };
    return request.operations;
  };
  const shown = new WeakMap<FastifyRequest, string>();
  const enter: Doorman['enter'] = async (request, authorization) => {
    if (authorization !== undefined) shown.set(request, authorization);
    return as(request, await authenticate(shown.get(request) ?? request.headers.authorization, isTrusted(request)));
  };

  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    as(request, NOBODY);
    if (access === 'public') return;
    const refused =
      access === 'signed'
        ? null
        : await enter(request).then(
            () => null,
            (error: Error) => error,
          );
    await count(request);
    // A browser cannot send a header with an upgrade: who it is comes with the first message.
    if (access === 'signed' || (request.ws && refused === null && request.operations.principal === NOBODY)) return;
    try {
      if (refused) throw refused;
      requireScope(request.operations.principal, 'read');
    } catch (error) {
      const operation = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
      request.operations.audit?.({ principal: request.operations.principal.name, door: 'http', operation, target: null, result: describeError(error).code });
      throw error;
    }
  });
  return { enter, count };
}

const isLoopback = (address = '') => /^(127\.|::1$|::ffff:127\.)/.test(address);
