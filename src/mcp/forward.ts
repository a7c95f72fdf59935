/** Standard input and output on one side, `/mcp` of a service on the other: the service answers. */
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { UserError } from '../model/errors.ts';
import { inputEnd } from './stdio.ts';

/** `token`: null for a service that asks for none. Throws UserError BAD_ARGUMENT. */
export async function forward(server: string, token: string | null, stop: Promise<void>): Promise<void> {
  const here = new StdioServerTransport();
  const there = new StreamableHTTPClientTransport(addressOf(server), token === null ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } });
  const ended = inputEnd();
  here.onmessage = (message) => {
    there.send(message).catch((error: Error) => answerFailure(here, message, server, error));
  };
  there.onmessage = (message) => void here.send(message);
  await there.start();
  await here.start();
  await Promise.race([ended, stop]);
  await there.close();
  await here.close();
}

function addressOf(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UserError('BAD_ARGUMENT', `--server ${JSON.stringify(server)} is not a URL.`, 'For example http://127.0.0.1:4000.');
  }
  return new URL(`${url.pathname.replace(/\/$/, '')}/mcp`, url);
}

function answerFailure(here: StdioServerTransport, message: JSONRPCMessage, server: string, error: Error): void {
  const text = failure(server, error);
  process.stderr.write(`netwhy: ${text}\n`);
  if (isJSONRPCRequest(message)) void here.send({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: text } });
}

function failure(server: string, error: Error): string {
  const status = error instanceof StreamableHTTPError ? error.code : undefined;
  if (status === 401 || status === 403) return `netwhy at ${server} needs a token that may read: give it by --token-file or NETWHY_TOKEN.`;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const why = status === undefined ? (code ?? error.message) : `status ${status}`;
  return `netwhy does not answer at ${server}: ${why}. Start it with \`netwhy serve\`, or leave --server out.`;
}
