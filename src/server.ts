/** HTTP: GraphQL, REST and health on one port. */
import type { ServerResponse } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import websocket from '@fastify/websocket';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { LIMITS, type Limits } from './model/limits.ts';
import { Allowance } from './operations/allowance.ts';
import type { Context } from './operations/context.ts';
import { registerPage } from './page.ts';
import { costPlugin } from './resolvers/cost-plugin.ts';
import { formatError } from './resolvers/format-error.ts';
import { resolvers } from './resolvers/index.ts';
import { limitTime } from './resolvers/limit-time.ts';
import { limits as shape } from './resolvers/limits.ts';
import { guardSchema } from './resolvers/scopes.ts';
import { readSdl } from './resolvers/sdl.ts';
import { socketHandler } from './resolvers/socket.ts';
import { type ContextOf, handleErrors, registerRest } from './rest/index.ts';

export interface Server {
  readonly app: FastifyInstance;
  /** Finishes what runs, then closes. */
  stop(): Promise<void>;
}

export async function createServer(
  context: Context,
  options: { readonly logger?: FastifyBaseLogger; readonly loopback?: boolean; readonly limits?: Limits } = {},
): Promise<Server> {
  const limits = options.limits ?? LIMITS;
  const app = fastify({
    ...(options.logger && { loggerInstance: options.logger }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestSeconds * 1000,
    forceCloseConnections: 'idle',
  });
  handleErrors(app);
  await app.register(websocket, { options: { maxPayload: limits.bodyBytes }, preClose: closeSockets });
  refuseOtherSites(app, options.loopback ?? true);

  const schema = limitTime(guardSchema(makeExecutableSchema({ typeDefs: readSdl(), resolvers })));
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    persistedQueries: false,
    validationRules: [shape(limits)],
    formatError: formatError(context.report),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), costPlugin(limits.cost), fastifyApolloDrainPlugin(app)],
    // Signals are the composition root's.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const contextOf: ContextOf = (_, { raw }) => ({ ...context, allowance: allowanceOf(raw, limits) });
  const handler = fastifyApolloHandler(apollo, { context: async (request, reply) => contextOf(request, reply) });
  app.route({ method: ['POST', 'OPTIONS'], url: '/graphql', handler });
  app.route({ method: 'GET', url: '/graphql', handler, wsHandler: socketHandler(schema, context, limits) });
  await registerRest(app, contextOf);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await (await context.store()).ping();
    return { status: 'ok' };
  });
  await registerPage(app);

  // From an onClose hook of Fastify this would wait for itself: the drain plugin closes Fastify.
  return { app, stop: () => apollo.stop() };
}

/** Ends what is worked on when the client goes away. */
function allowanceOf(reply: ServerResponse, limits: Limits): Allowance {
  const allowance = new Allowance(limits);
  reply.once('close', () => {
    if (!reply.writableFinished) allowance.cancel();
  });
  return allowance;
}

/** Milliseconds that a subscriber has to say goodbye. */
const GOODBYE = 1000;

function closeSockets(this: FastifyInstance, done: () => void): void {
  const { clients } = this.websocketServer;
  for (const client of clients) client.close(1001, 'netwhy stops');
  const end = setTimeout(() => {
    for (const client of clients) client.terminate();
  }, GOODBYE);
  this.websocketServer.close(() => {
    clearTimeout(end);
    done();
  });
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** A page in a browser must not read or change anything: neither by its own origin nor by a name that resolves to loopback. */
function refuseOtherSites(app: FastifyInstance, loopback: boolean): void {
  app.addHook('onRequest', async (request) => {
    const host = request.headers.host ?? '';
    const { origin } = request.headers;
    const foreign = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
    if (foreign || (loopback && !LOOPBACK.test(host))) {
      throw Object.assign(new Error('Requests from other sites are refused: ask netwhy by the address that it listens on.'), { statusCode: 403 });
    }
  });
}
