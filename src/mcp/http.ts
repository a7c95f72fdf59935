/** MCP's Streamable HTTP: each request is a session of its own, so that nothing is kept between two. */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../operations/context.ts';
import { describeHttpError } from '../operations/http-status.ts';
import { createMcp } from './server.ts';

const BODY_LIMIT = 1024 * 1024;

/** What a request works with. */
type ContextOf = (request: FastifyRequest, reply: FastifyReply) => Context;

export async function registerMcp(app: FastifyInstance, contextOf: ContextOf): Promise<void> {
  await app.register(async (mcp) => {
    mcp.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const { shown, status, headers } = describeHttpError(error);
      if (shown.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
      const { message, ...data } = shown;
      return refuse(reply.headers(headers), status, error.statusCode === 400 ? -32700 : -32600, message, data);
    });
    mcp.post('/mcp', { bodyLimit: BODY_LIMIT }, (request, reply) => handle(contextOf(request, reply), request, reply));
    mcp.route({
      method: ['GET', 'DELETE'],
      url: '/mcp',
      handler: (_, reply) => refuse(reply.header('allow', 'POST'), 405, -32000, 'POST each message: there are no sessions and no streams.'),
    });
  });
}

const refuse = (reply: FastifyReply, status: number, code: number, message: string, data?: unknown) =>
  reply
    .status(status)
    .type('application/json')
    .send(JSON.stringify({ jsonrpc: '2.0', error: { code, message, data }, id: null }));

async function handle(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (Array.isArray(request.body)) return refuse(reply, 400, -32600, 'Batches are refused: POST each message by itself.');
  const mcp = createMcp(context);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await mcp.connect(transport);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  const asked = new Request('http://localhost/mcp', { method: 'POST', headers });
  const hungUp = new Promise<null>((resolve) => reply.raw.once('close', () => resolve(null)));
  try {
    const response = await Promise.race([transport.handleRequest(asked, { parsedBody: request.body }), hungUp]);
    if (response === null) return reply.hijack();
    const type = response.headers.get('content-type');
    if (type) reply.type(type);
    return reply.status(response.status).send(await response.text());
  } finally {
    await mcp.close();
  }
}
