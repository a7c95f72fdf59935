// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** What an agent can ask, by the official client over HTTP. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { tools } from '../../src/mcp/tools/index.ts';
import { NOBODY } from '../../src/model/access.ts';
import { Allowance } from '../../src/operations/allowance.ts';
import { startGuarded } from '../access/guarded.ts';
import { type connect, overHttp } from './mcp-client.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, HOSTILE, smallEstate } from './small-estate.ts';

let service: Service;
let mcp: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  service = await startService(smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'before' });
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'after' });
  mcp = await overHttp(service.url);
});
afterAll(async () => {
  await mcp.client.close();
  await service.stop();
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test('all tools are listed, with schemas both ways, and say which of them only read', async () => {
  const { tools: listed } = await mcp.client.listTools();
  expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
  for (const { title, description, inputSchema, outputSchema } of listed) {
    expect([title, description, inputSchema.type, outputSchema?.type]).toEqual([expect.any(String), expect.any(String), 'object', 'object']);
  }
  expect(listed.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name)).toEqual(['take_snapshot']);
});

describe('an answer', () => {
  test.each([
    ['web', 'db:5432', 'REACHABLE'],
    ['web', 'db:81', 'UNREACHABLE'],
    ['10.0.0.66', '10.0.0.1:8080', 'UNREACHABLE'],
    ['web', 'dns:nobody.example:80', null],
    ['host:h2', 'web:80', null],
  ])('of %s to %s says nothing that it does not back by ids', async (from, to, verdict) => {
    const { structured, text } = await mcp.call('why', { from, to, since: true });
    if (verdict !== null) expect(structured.verdict).toBe(verdict);
    expect(Buffer.byteLength(text)).toBeLessThan(1200);
    const known = new Set(structured.evidence.map(({ id }: any) => id));
    for (const line of text.split('\n').filter((each) => !/^\(\d+ more in the structured result\)$/.test(each))) {
      const [, ids = ''] = / \[([^\]]+)\]$/.exec(line) ?? [];
      const named = ids.split(', ').filter((id) => id.startsWith('ev-'));
      expect(ids).not.toBe('');
      expect(named.filter((id) => !known.has(id))).toEqual([]);
    }
    for (const id of [...structured.summaryEvidence, ...structured.blockers.flatMap(({ evidence }: any) => evidence)]) expect(known).toContain(id);
    // Of a name that nobody answers there is no line to show.
    if (structured.disposition !== 'name-not-found') expect(structured.summaryEvidence.length).toBeGreaterThan(0);
    if (structured.summaryEvidence.length > 0) expect(text.split('\n')[0]).toContain(structured.summaryEvidence[0]);
  });

  test('can be read again by its address, with the same ids for the same lines', async () => {
    const { structured } = await mcp.call('why', { from: '10.0.0.66', to: '10.0.0.1:8080', at: 'before' });
    expect(structured.uri).toBe('netwhy://answer/1/10.0.0.66/10.0.0.1%3A8080');
    const { contents } = await mcp.client.readResource({ uri: structured.uri });
    expect(JSON.parse((contents[0] as any).text)).toEqual(structured);
    const rule = structured.evidence.find(({ excerpt }: any) => excerpt.includes('10.0.0.66'));
    expect(rule).toMatchObject({ host: 'h1', collector: 'iptables-nft', locator: expect.stringMatching(/^line \d+$/) });
    const live = await mcp.call('why', { from: '10.0.0.66', to: '10.0.0.1:8080' });
    expect(live.structured.evidence.map(({ id }: any) => id)).toContain(rule.id);

    const line = Number(rule.locator.split(' ')[1]);
    const read = await mcp.call('facts', { host: 'h1', source: rule.collector, netns: rule.netns, fromLine: line, at: 'before' });
    expect(read.structured.facts[0].lines[0]).toEqual({ number: line, text: expect.stringContaining(rule.excerpt) });
  });

  test('keeps what else was asked in its address', async () => {
    const { structured } = await mcp.call('why', { from: 'web', to: 'db:5432', sourcePort: 1234 });
    expect(structured.uri).toBe('netwhy://answer/live/web/db%3A5432?sourcePort=1234');
    const { contents } = await mcp.client.readResource({ uri: structured.uri });
    expect(JSON.parse((contents[0] as any).text).question).toEqual(structured.question);
  });
});

test('a snapshot, a diff and a thing can be read by their addresses, which tools give', async () => {
  const read = async (uri: string) => JSON.parse(((await mcp.client.readResource({ uri })).contents[0] as any).text);
  expect((await read('netwhy://snapshot/latest')).items).toMatchObject([{ id: 2, label: 'after' }]);
  const diff = await mcp.call('diff', { from: 'before', to: 'after' });
  expect(diff.structured.uri).toBe('netwhy://diff/1/2');
  expect(await read(diff.structured.uri)).toEqual(diff.structured);
  const got = await mcp.call('get', { id: 'container:h1/web', at: 'before' });
  expect(await read(got.structured.uri)).toEqual(got.structured);
  expect((await mcp.client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('netwhy://answer/{at}/{from}/{to}');
});

describe('what is asked wrongly is answered with code, hint and nearest names', () => {
  test.each<readonly [string, string, Record<string, unknown>, string, RegExp]>([
    ['a name that nobody has', 'why', { from: 'wep', to: 'db:1' }, 'UNKNOWN_ENDPOINT', /containers of h2 could not be read/],
    ['no port', 'why', { from: 'web', to: 'db' }, 'BAD_QUESTION', /db:80/],
    ['no target', 'why', { from: 'web' }, 'BAD_ARGUMENT', /ask again/],
    ['a field that there is not', 'why', { from: 'web', to: 'db:1', sins: true }, 'BAD_ARGUMENT', /since/],
    ['an unknown snapshot', 'diff', { from: 'befor' }, 'UNKNOWN_SNAPSHOT', /label/],
    ['a name of 10,000 characters', 'why', { from: 'x'.repeat(10_000), to: 'db:1' }, 'BAD_ARGUMENT', /Correct/],
    ['a filter that there is not', 'list', { kind: 'hosts', filter: { colour: 'red' } }, 'BAD_ARGUMENT', /Known fields/],
    ['a kind that there is not', 'list', { kind: 'cats' }, 'BAD_ARGUMENT', /Correct/],
    ['a cursor of nothing', 'snapshots', { after: 'what' }, 'BAD_CURSOR', /endCursor/],
    ['a page that is too large', 'matrix', { first: 100_000 }, 'BAD_ARGUMENT', /Correct/],
    ['an intent that is none', 'check', { intents: ['web likes db'] }, 'BAD_INTENT', /must reach/],
    ['an unknown tool', 'wy', {}, 'NOT_FOUND', /why/],
  ])('%s', async (_, name, given, code, hint) => {
    const { error } = await mcp.call(name, given);
    expect(error).toMatchObject({ code, message: expect.any(String), hint: expect.stringMatching(hint), candidates: expect.any(Array) });
    expect(error.message.length).toBeLessThan(1100);
  });

  test('nearest names', async () => {
    expect((await mcp.call('why', { from: 'wep', to: 'db:1' })).error.candidates).toContain('web');
    expect((await mcp.call('diff', { from: 'befor' })).error.candidates).toContain('before');
  });

  test.each([
    ['netwhy://answer/live/web', 'NOT_FOUND'],
    ['netwhy://nothing/1', 'NOT_FOUND'],
    ['file:///etc/passwd', 'NOT_FOUND'],
    ['netwhy://snapshot/%ff', 'NOT_FOUND'],
    ['netwhy://snapshot/99', 'UNKNOWN_SNAPSHOT'],
    ['netwhy://answer/live/wep/db%3A1', 'UNKNOWN_ENDPOINT'],
    ['netwhy://answer/live/web/db%3A1?port=2', 'BAD_ARGUMENT'],
    [`netwhy://node/live/${'x'.repeat(5000)}`, 'NOT_FOUND'],
  ])('the resource %#', async (uri, code) => {
    await expect(mcp.client.readResource({ uri })).rejects.toThrow(code);
  });
});

describe('what machines say is data', () => {
  test('nothing that hides or reorders text comes through, and nothing is endless', async () => {
    const { structured, text } = await mcp.call('list', { kind: 'containers' });
    const hostile = structured.items.find(({ state }: any) => state === 'exited');
    expect(hostile.name).toBe('evil\\u{1b}[31m\\u{202e}"<b>\\u{a}');
    expect(UNSEEN.test(text.replaceAll('\n', ''))).toBe(false);
    expect(text.split('\n').find((line) => line.includes('evil'))).toMatch(/^h1: ".*" \[.+\]$/);
    expect(hostile.labels[0].value.length).toBeLessThanOrEqual(1000);
    expect(structured.truncated).toEqual([expect.stringMatching(/^items\.\d\.labels\.\d\.value: 1000 of 65536 characters$/)]);
    expect((await mcp.call('why', { from: HOSTILE, to: 'db:1' })).text).not.toMatch(UNSEEN);
  });
});

describe('the door itself', () => {
  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    service.server.app.inject({
      method: 'POST',
      url: '/mcp',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

  test('answers without a session before it', async () => {
    expect((await post(ping)).json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).statusCode).toBe(202);
  });

  test.each<readonly [string, unknown, number, number]>([
    ['broken JSON', '{"jsonrpc"', 400, -32700],
    ['what is no JSON-RPC', { hello: 1 }, 400, -32700],
    ['a batch', [ping, ping], 400, -32600],
    ['two megabytes', { ...ping, params: { fill: 'x'.repeat(2 * 1024 * 1024) } }, 413, -32600],
    ['an unknown method', { ...ping, method: 'tools/burn' }, 200, -32601],
  ])('refuses %s', async (_, payload, status, code) => {
    const reply = await post(payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.any(String) } });
  });

  test.each(['GET', 'DELETE'] as const)('%s is no way to ask', async (method) => {
    const reply = await service.server.app.inject({ method, url: '/mcp', headers: { accept: 'text/event-stream' } });
    expect([reply.statusCode, reply.headers.allow]).toEqual([405, 'POST']);
    expect(reply.json().error.message).toMatch(/POST/);
  });

  test('who has no token is told so, as everywhere', async () => {
    const guarded = await startGuarded({}, {}, service);
    const reply = await guarded.ask('POST', '/mcp', null, { body: ping });
    expect(reply).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.stringMatching(/^Bearer/) } });
    expect(reply.json).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'UNAUTHENTICATED', hint: expect.stringMatching(/token/) } } });
    await guarded.stop();
  });

  test('who cancels a call gets no answer, and the next call one', async () => {
    const begun = deferred();
    const over = deferred();
    const slow = jest.spyOn(service.context.estates, 'fresh').mockImplementation(async () => {
      begun.resolve();
      await over.promise;
      throw new Error('nobody waits for this');
    });
    const stop = new AbortController();
    const call = mcp.client.callTool({ name: 'take_snapshot', arguments: {} }, undefined, { signal: stop.signal });
    await begun.promise;
    stop.abort('enough');
    await expect(call).rejects.toThrow('enough');
    over.resolve();
    slow.mockRestore();
    expect((await mcp.call('why', { from: 'web', to: 'db:5432' })).structured.verdict).toBe('REACHABLE');
  });

  test('nothing is worked on for who hangs up', async () => {
    const begun = deferred();
    const over = deferred();
    const cancelled = deferred();
    const cancel = jest.spyOn(Allowance.prototype, 'cancel').mockImplementation(() => cancelled.resolve());
    const slow = jest.spyOn(service.context.estates, 'at').mockImplementation(async () => {
      begun.resolve();
      await over.promise;
      throw new Error('nobody waits for this');
    });
    const stop = new AbortController();
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list', arguments: { kind: 'hosts' } } });
    const gone = fetch(`${service.url}/mcp`, { method: 'POST', headers, body, signal: stop.signal });
    await begun.promise;
    stop.abort();
    await expect(gone).rejects.toThrow(/abort/);
    await cancelled.promise;
    over.resolve();
    slow.mockRestore();
    cancel.mockRestore();
    expect((await mcp.call('why', { from: 'web', to: 'db:5432' })).structured.verdict).toBe('REACHABLE');
  });

  test('a bug is not told to the one who asks', async () => {
    const told = jest.spyOn(service.context, 'report');
    const bug = jest.spyOn(service.context.estates, 'at').mockRejectedValue(new Error('the password is 1234'));
    const { error } = await mcp.call('why', { from: 'web', to: 'db:5432' });
    bug.mockRestore();
    expect(error).toMatchObject({ code: 'INTERNAL', message: 'netwhy failed.' });
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: 'the password is 1234' }));
    told.mockRestore();
  });
});

describe('scopes', () => {
  test('no tool answers nobody', async () => {
    for (const tool of tools) await expect(tool.call({ ...service.context, principal: NOBODY }, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('to take a snapshot is more than to read', async () => {
    const reader = { name: 'reader', scopes: ['read'] as const };
    const take = tools.find(({ name }) => name === 'take_snapshot')!;
    await expect(take.call({ ...service.context, principal: reader }, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const more = tools.filter(({ scope }) => scope !== 'read').map(({ name, scope }) => [name, scope]);
    expect(more).toEqual([
      ['take_snapshot', 'snapshot'],
      ['doctor', 'admin'],
    ]);
  });
});
