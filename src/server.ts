/** HTTP: GraphQL, REST and health on one port. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import websocket from '@fastify/websocket';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Context } from './operations/context.ts';
import { registerPage } from './page.ts';
import { formatError } from './resolvers/format-error.ts';
import { resolvers } from './resolvers/index.ts';
import { limits } from './resolvers/limits.ts';
import { guardSchema } from './resolvers/scopes.ts';
import { readSdl } from './resolvers/sdl.ts';
import { socketHandler } from './resolvers/socket.ts';
import { handleErrors, registerRest } from './rest/index.ts';

export interface Server {
  readonly app: FastifyInstance;
  /** Finishes what runs, then closes. */
  stop(): Promise<void>;
}

const BODY_LIMIT = 8 * 1024 * 1024;

export async function createServer(context: Context, options: { readonly logger?: FastifyBaseLogger; readonly loopback?: boolean } = {}): Promise<Server> {
  const app = fastify({
    ...(options.logger && { loggerInstance: options.logger }),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
  });
  handleErrors(app);
  await app.register(websocket, { options: { maxPayload: BODY_LIMIT }, preClose: closeSockets });
  refuseOtherSites(app, options.loopback ?? true);

  const schema = guardSchema(makeExecutableSchema({ typeDefs: readSdl(), resolvers }));
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    validationRules: [limits],
    formatError: formatError(context.report),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), fastifyApolloDrainPlugin(app)],
    // Signals are the composition root's.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const handler = fastifyApolloHandler(apollo, { context: async () => context });
  app.route({ method: ['POST', 'OPTIONS'], url: '/graphql', handler });
  app.route({ method: 'GET', url: '/graphql', handler, wsHandler: socketHandler(schema, context) });
  await registerRest(app, context);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await (await context.store()).ping();
    return { status: 'ok' };
  });
  await registerPage(app);

  // From an onClose hook of Fastify this would wait for itself: the drain plugin closes Fastify.
  return { app, stop: () => apollo.stop() };
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
