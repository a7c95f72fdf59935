/** HTTP: GraphQL, REST, MCP and health on one port. */
import type { ServerResponse } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import websocket from '@fastify/websocket';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { authenticator } from './access/authenticate.ts';
import { Oidc } from './access/oidc.ts';
import { type AccessSettings, OPEN } from './access/settings.ts';
import { registerChat } from './chat/index.ts';
import { type ChatSettings, NO_CHATS } from './chat/settings.ts';
import { registerHealth } from './health.ts';
import { observeRequests, requestId } from './http/observe.ts';
import { type AuditLine, guardRequests } from './http/requests.ts';
import { readTls } from './http/tls.ts';
import { registerMcp } from './mcp/http.ts';
import { type Documents, LIMITS, type Limits } from './model/limits.ts';
import { Allowance } from './operations/allowance.ts';
import type { Context } from './operations/context.ts';
import { registerPage } from './page.ts';
import { costPlugin } from './resolvers/cost-plugin.ts';
import { documentsPlugin, withText } from './resolvers/documents.ts';
import { formatError, graphqlErrors } from './resolvers/format-error.ts';
import { resolvers } from './resolvers/index.ts';
import { limitTime } from './resolvers/limit-time.ts';
import { limits as shape } from './resolvers/limits.ts';
import { observed } from './resolvers/observed.ts';
import { requestIds } from './resolvers/request-ids.ts';
import { guardSchema } from './resolvers/scopes.ts';
import { readSdl } from './resolvers/sdl.ts';
import { socketHandler } from './resolvers/socket.ts';
import { type ContextOf, handleErrors, registerRest, sendProblem } from './rest/index.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface Server {
  readonly app: FastifyInstance;
  /** Finishes what runs, then closes. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly logger?: FastifyBaseLogger;
  /** It listens on loopback alone; so unless said otherwise. */
  readonly loopback?: boolean;
  readonly limits?: Limits;
  readonly documents?: Documents | null;
  readonly access?: AccessSettings;
  readonly chats?: ChatSettings;
  /** Hears of what was done and refused. */
  readonly audit?: (line: AuditLine) => void;
  /** Served at /metrics. */
  readonly metrics?: Metrics;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export async function createServer(context: Context, options: ServerOptions = {}): Promise<Server> {
  const { logger, loopback = true, limits = LIMITS, documents = null, access = OPEN, audit = () => {}, now = Date.now } = options;
  let stopping = false;
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    ...(access.tls ? { https: { ...readTls(access.tls), ...patience(limits) } } : { http: patience(limits) }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestSeconds * 1000,
    // Nothing is read or written for so long: the client is gone, or does not read its answer.
    connectionTimeout: (limits.seconds + limits.requestSeconds) * 1000,
    forceCloseConnections: 'idle',
    // Addresses that a proxy on this machine tells of; whether it is trusted with more is decided elsewhere.
    trustProxy: 'loopback',
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: sendProblem,
    requestIdHeader: false,
    genReqId: requestId,
  }) as FastifyInstance;
  app.server.maxConnections = limits.connections;
  handleErrors(app);
  observeRequests(app, context.telemetry);
  await app.register(websocket, { options: { maxPayload: limits.bodyBytes }, preClose: closeSockets });
  const tokens = async () => (await context.store()).tokens;
  const authenticate = authenticator({ tokens, oidc: access.oidc && new Oidc(access.oidc, now), now, report: context.report });
  const doorman = await guardRequests(app, { context, settings: access, loopback, authenticate, audit, now });

  const schema = limitTime(guardSchema(makeExecutableSchema({ typeDefs: readSdl(), resolvers: observed(resolvers) })));
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    persistedQueries: false,
    validationRules: [shape(limits)],
    formatError: formatError(context.report),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      costPlugin(limits.cost),
      ...(documents ? [documentsPlugin(documents)] : []),
      fastifyApolloDrainPlugin(app),
      requestIds,
    ],
    // Signals are the composition root's.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const contextOf: ContextOf = ({ operations }, { raw }) => ({ ...operations, allowance: allowanceOf(raw, limits) });
  const handler = fastifyApolloHandler(apollo, { context: async (request, reply) => contextOf(request, reply) });
  const preHandler = async (request: FastifyRequest) => {
    if (documents) request.body = withText(documents, request.body);
  };
  app.route({ method: ['POST', 'OPTIONS'], url: '/graphql', preHandler, handler, errorHandler: graphqlErrors });
  app.route({
    method: 'GET',
    url: '/graphql',
    handler,
    errorHandler: graphqlErrors,
    wsHandler: socketHandler(schema, doorman, limits, documents, context.report),
  });
  await registerRest(app, contextOf);
  await registerMcp(app, contextOf);
  // What takes longer than a chat waits goes on when its request has ended.
  const chatting = ({ operations }: FastifyRequest) => ({ ...operations, allowance: new Allowance(limits) });
  await registerChat(app, { contextOf: chatting, page: access.publicUrl, now }, options.chats ?? NO_CHATS);

  registerHealth(app, context, { metrics: options.metrics ?? null, stopping: () => stopping });
  await registerPage(app);

  // From an onClose hook of Fastify this would wait for itself: the drain plugin closes Fastify.
  const stop = () => {
    stopping = true;
    return apollo.stop();
  };
  return { app, stop };
}

/** How long a client may take for its headers, and how often that is looked at. */
const patience = ({ requestSeconds }: Limits) => ({ headersTimeout: requestSeconds * 1000, connectionsCheckingInterval: Math.min(5000, requestSeconds * 500) });

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
