// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Nothing answers without its scope. Routes, root fields and tools are those that the server says it has: none can be forgotten here. */

import { makeExecutableSchema } from '@graphql-tools/schema';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { tools } from '../../src/mcp/tools/index.ts';
import { holds, SCOPES, type Scope } from '../../src/model/access.ts';
import { resolvers } from '../../src/resolvers/index.ts';
import { scopeOf } from '../../src/resolvers/scopes.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';
import { PREFIX, routes } from '../../src/rest/index.ts';
import { type Guarded, startGuarded } from './guarded.ts';
import { openSocket } from './socket.ts';

let guarded: Guarded;
const tokens = {} as Record<Scope, string>;
beforeAll(async () => {
  guarded = await startGuarded();
  // The first of everything is what is asked for below, and may be taken away.
  await guarded.token('read');
  for (const scope of SCOPES) tokens[scope] = await guarded.token(scope);
  for (let i = 0; i < 2; i++) await guarded.ask('POST', '/api/v1/snapshots', tokens.admin);
});
afterAll(() => guarded.stop());

const REFUSED = ['UNAUTHENTICATED', 'FORBIDDEN'];
const lacking = (scope: Scope) => SCOPES.filter((held) => !holds({ name: '', scopes: [held] }, scope));

/** What anybody may have: it tells nothing of the hosts. */
const PUBLIC = /^\/(healthz|readyz|explorer|)$|^\/(assets\/.*|(index|explorer)\.html|icon\.svg)(\.gz)?$/;

/** Method and path of all that is served, from the router itself. */
function served(): [string, string][] {
  const found: [string, string][] = [];
  const above: string[] = [];
  for (const line of guarded.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, part, methods] = /^([\s│]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || part === undefined) continue;
    const depth = indent.length / 4;
    above.length = depth;
    above[depth] = part;
    for (const method of methods?.split(', ') ?? []) found.push([method, above.join('').replace(/^\/*/, '/').replace(/:\w+/g, '1')]);
  }
  return found;
}

test('no path of HTTP answers without a token, but for those that tell nothing', async () => {
  const paths = served();
  expect(paths.map(([method, path]) => `${method} ${path}`)).toEqual(
    expect.arrayContaining([
      'POST /graphql',
      'GET /api/v1/openapi.json',
      'DELETE /api/v1/snapshots/1',
      'POST /mcp',
      'GET /metrics',
      'POST /chat/slack/commands',
    ]),
  );
  const open: string[] = [];
  for (const [method, path] of paths) {
    const { status } = await guarded.ask(method as 'GET', path);
    if (status !== 401) open.push(`${method} ${path}`);
  }
  expect(open.filter((one) => !PUBLIC.test(one.split(' ')[1]!))).toEqual([]);
  expect(open).toEqual(expect.arrayContaining(['GET /healthz', 'GET /readyz', 'GET /']));
  expect((await guarded.ask('GET', '/nothing/here')).status).toBe(401);
});

test('every path of REST is one of those that say their scope', () => {
  const known = routes.map(({ method, path }) => `${method} ${PREFIX}${path.replace(/\{\w+\}/g, '1')}`);
  const rest = served().filter(([method, path]) => method !== 'HEAD' && path.startsWith(PREFIX) && path !== `${PREFIX}/openapi.json`);
  expect(rest.map((one) => one.join(' ')).sort()).toEqual(known.sort());
});

describe('REST', () => {
  test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, { method, path, scope = 'read' }) => {
    const url = PREFIX + path.replace(/\{\w+\}/g, '1');
    for (const held of lacking(scope)) expect(await guarded.ask(method, url, tokens[held])).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    expect(REFUSED).not.toContain((await guarded.ask(method, url, tokens[scope])).json.code);
  });
});

const schema = makeExecutableSchema({ typeDefs: readSdl(), resolvers });

/** Any value of a type, as text of GraphQL. */
function value(type: GraphQLInputType): string {
  if (isNonNullType(type)) return value(type.ofType);
  if (isListType(type)) return `[${value(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type))
    return `{${Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map((field) => `${field.name}: ${value(field.type)}`)}}`;
  return type.name === 'Boolean' ? 'true' : type.name === 'String' || type.name === 'ID' ? '"1"' : '1';
}
function document(kind: string, field: GraphQLField<unknown, unknown>): string {
  const given = field.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${value(argument.type)}`);
  return `${kind} { ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''} }`;
}
const fields = (kind: 'query' | 'mutation' | 'subscription') =>
  Object.values({ query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind]!.getFields()).map(
    (field) => [field.name, document(kind, field), scopeOf(schema, field).requires] as const,
  );
const codeOf = (json: any): string | undefined => json.errors?.[0]?.extensions.code;

describe.each(['query', 'mutation'] as const)('GraphQL, %s', (kind) => {
  test.each(fields(kind))('%s', async (_, query, scope) => {
    expect(await guarded.graphql(query)).toMatchObject({ status: 401 });
    for (const held of lacking(scope)) expect(codeOf((await guarded.graphql(query, tokens[held])).json)).toBe('FORBIDDEN');
    const { json } = await guarded.graphql(query, tokens[scope]);
    expect(REFUSED).not.toContain(codeOf(json));
    expect(codeOf(json)).not.toBe('BAD_QUERY');
  });

  test.each(fields(kind))('%s, over a WebSocket', async (_, query, scope) => {
    const codes = await Promise.all(
      [...lacking(scope), scope].map(async (held) => {
        const socket = await openSocket(guarded.url, { token: tokens[held] });
        await socket.until(({ type }) => type === 'connection_ack');
        socket.subscribe('1', query);
        const answer: any = await socket.until(({ id, type }) => id === '1' && type !== 'complete');
        socket.close();
        return codeOf(answer.type === 'error' ? { errors: answer.payload } : answer.payload) ?? null;
      }),
    );
    expect(codes.slice(0, -1)).toEqual(lacking(scope).map(() => 'FORBIDDEN'));
    expect(REFUSED).not.toContain(codes.at(-1));
  });
});

test('neither introspection nor what a thing is called is told without a token', async () => {
  for (const query of ['{ __schema { types { name } } }', '{ __typename }', '{ __type(name: "Query") { name } }'])
    expect(await guarded.graphql(query)).toMatchObject({ status: 401, json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  expect((await guarded.graphql('{ __schema { queryType { name } } }', tokens.read)).json.data.__schema.queryType.name).toBe('Query');
});

describe('GraphQL, subscription', () => {
  test.each(fields('subscription'))('%s', async (_, query, scope) => {
    const stranger = await openSocket(guarded.url);
    expect(await stranger.closed).toEqual({ code: 4401, reason: expect.stringContaining('UNAUTHENTICATED') });
    expect(stranger.messages).toEqual([]);
    for (const held of lacking(scope)) {
      const socket = await openSocket(guarded.url, { token: tokens[held] });
      await socket.until(({ type }) => type === 'connection_ack');
      socket.subscribe('1', query);
      expect(await socket.until(({ type }) => type === 'error')).toMatchObject({ payload: [{ extensions: { code: 'FORBIDDEN' } }] });
      socket.close();
    }
    const { events } = guarded.service.context;
    const before = events!.listeners;
    const socket = await openSocket(guarded.url, { token: tokens[scope] });
    await socket.until(({ type }) => type === 'connection_ack');
    socket.subscribe('1', query);
    while (events!.listeners === before) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack']);
    socket.close();
    await socket.closed;
  });

  test('a token may come with the upgrade too, and a wrong one ends it there', async () => {
    const socket = await openSocket(guarded.url, { header: tokens.read });
    expect(await socket.until(({ type }) => type === 'connection_ack')).toMatchObject({ type: 'connection_ack' });
    socket.close();
    await expect(openSocket(guarded.url, { header: `${tokens.read}x` })).rejects.toThrow('401');
    const wrong = await openSocket(guarded.url, { token: 'x' });
    expect((await wrong.closed).code).toBe(4401);
  });

  test('who is revoked hears nothing more', async () => {
    const store = await guarded.service.context.store();
    const secret = await guarded.token('read');
    const { id } = (await store.tokens.list()).at(-1)!;
    const socket = await openSocket(guarded.url, { token: secret });
    await socket.until(({ type }) => type === 'connection_ack');
    const before = guarded.service.context.events!.listeners;
    socket.subscribe('1', 'subscription { snapshotTaken { id } }');
    while (guarded.service.context.events!.listeners === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await guarded.ask('POST', '/api/v1/snapshots', tokens.snapshot);
    expect(await socket.until(({ type }) => type === 'next')).toMatchObject({ payload: { data: { snapshotTaken: { id: expect.any(String) } } } });
    await store.tokens.revoke(id, new Date());
    await guarded.ask('POST', '/api/v1/snapshots', tokens.snapshot);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED: The token is revoked.' });
    expect(socket.messages.filter(({ payload }) => payload?.data)).toHaveLength(1);
  });
});

describe('MCP', () => {
  const call = async (name: string, token: string) => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } };
    return guarded.ask('POST', '/mcp', token, { body: message, headers: { accept: 'application/json, text/event-stream' } });
  };
  test.each(tools.map(({ name, scope }) => [name, scope] as const))('%s', async (name, scope) => {
    for (const held of lacking(scope)) expect(JSON.stringify((await call(name, tokens[held])).json)).toContain('FORBIDDEN');
    expect(JSON.stringify((await call(name, tokens[scope])).json)).not.toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  });
});

test('who did what, and who was refused, is written, without any token', async () => {
  guarded.audit.length = 0;
  await guarded.ask('GET', '/api/v1/snapshots', tokens.read);
  await guarded.ask('PATCH', '/api/v1/snapshots/latest', tokens.snapshot, { body: { label: 'x' } });
  await guarded.ask('DELETE', '/api/v1/snapshots/x', tokens.snapshot);
  await guarded.graphql('mutation { deleteSnapshot(id: "nothing") { id } }', tokens.admin);
  await guarded.ask('POST', '/mcp', null, { body: {} });
  const line = { at: expect.any(String), request: expect.any(String), address: '127.0.0.1' };
  expect(guarded.audit).toEqual([
    { ...line, principal: 'snapshot (token 3)', door: 'rest', operation: 'PATCH /snapshots/{id}', target: 'latest', result: 'done' },
    { ...line, principal: 'snapshot (token 3)', door: 'rest', operation: 'DELETE /snapshots/{id}', target: 'x', result: 'FORBIDDEN' },
    { ...line, principal: 'admin (token 5)', door: 'graphql', operation: 'deleteSnapshot', target: 'nothing', result: 'UNKNOWN_SNAPSHOT' },
    { ...line, principal: 'nobody', door: 'http', operation: 'POST /mcp', target: null, result: 'UNAUTHENTICATED' },
  ]);
  expect(JSON.stringify(guarded.audit)).not.toContain('nwt_');
});
