/** HTTP: GraphQL, REST and health on one port. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Context } from './operations/context.ts';
import { formatError } from './resolvers/format-error.ts';
import { resolvers } from './resolvers/index.ts';
import { limits } from './resolvers/limits.ts';
import { readSdl } from './resolvers/sdl.ts';
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
  refuseOtherSites(app, options.loopback ?? true);

  const apollo = new ApolloServer<Context>({
    schema: makeExecutableSchema({ typeDefs: readSdl(), resolvers }),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    validationRules: [limits],
    formatError: formatError(context.report),
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), fastifyApolloDrainPlugin(app)],
    // Signals are the composition root's.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), { path: '/graphql', context: async () => context });
  await registerRest(app, context);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await (await context.store()).ping();
    return { status: 'ok' };
  });
  app.get('/', async () => ({ name: 'netwhy', graphql: '/graphql', rest: '/api/v1', openapi: '/api/v1/openapi.json' }));

  // From an onClose hook of Fastify this would wait for itself: the drain plugin closes Fastify.
  return { app, stop: () => apollo.stop() };
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
