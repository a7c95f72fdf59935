// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { type AccessSettings, OPEN } from '../../src/access/settings.ts';
import type { ChatSettings } from '../../src/chat/settings.ts';
import type { AuditLine } from '../../src/http/requests.ts';
import type { Scope } from '../../src/model/access.ts';
import { createToken } from '../../src/operations/tokens.ts';
import { createServer, type ServerOptions } from '../../src/server.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { type Service, startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';

/** Every chat that there can be. */
const CHATS: ChatSettings = {
  slack: { signingSecret: 'x', botToken: 'x', teams: [], channels: [], users: [], apiUrl: 'http://127.0.0.1:1', hooksUrl: 'http://127.0.0.1:1' },
  mattermost: { token: 'x' },
  teams: { secret: Buffer.from('x').toString('base64') },
  discord: { publicKey: '0'.repeat(64), apiUrl: 'http://127.0.0.1:1' },
};

export interface Guarded {
  readonly service: Service;
  readonly app: Awaited<ReturnType<typeof createServer>>['app'];
  readonly url: string;
  readonly audit: AuditLine[];
  /** A new token with these scopes. */
  token(...scopes: Scope[]): Promise<string>;
  ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS', url: string, token?: string | null, more?: Asked): Promise<Reply>;
  graphql(query: string, token?: string | null): Promise<Reply>;
  stop(): Promise<void>;
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Address that it comes from. */
  readonly from?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, any>>;
  readonly json: any;
}

/** A service that asks everybody for a token, unless `access` says otherwise. */
export async function startGuarded(access: Partial<AccessSettings> = {}, options: ServerOptions = {}, shared?: Service): Promise<Guarded> {
  const service = shared ?? (await startService(smallEstate()));
  await service.context.store();
  const audit: AuditLine[] = [];
  const metrics = new Metrics('0');
  const server = await createServer(service.context, {
    metrics,
    chats: CHATS,
    access: { ...OPEN, loopback: 'token', ...access },
    audit: (line) => void audit.push(line),
    ...options,
  });
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const ask: Guarded['ask'] = async (method, where, token = null, { headers, body, from } = {}) => {
    const payload = body ?? (method === 'GET' || method === 'OPTIONS' ? undefined : {});
    const reply = await server.app.inject({
      method,
      url: where,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
      ...(payload !== undefined && { payload: payload as object }),
      ...(from !== undefined && { remoteAddress: from }),
    });
    const json = reply.body !== '' && /json/.test(String(reply.headers['content-type'])) ? reply.json() : reply.body;
    return { status: reply.statusCode, headers: reply.headers, json };
  };
  return {
    service,
    app: server.app,
    url,
    audit,
    token: async (...scopes) => (await createToken(service.context, { name: scopes.join('+'), scopes })).secret,
    ask,
    graphql: (query, token) => ask('POST', '/graphql', token, { body: { query } }),
    stop: async () => {
      await server.stop();
      if (!shared) await service.stop();
    },
  };
}
