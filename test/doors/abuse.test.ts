/** Bad input at HTTP: each ends in a clear error or a clean close, and the service goes on. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { manyEndpoints } from './many-endpoints.ts';
import { type Service, startService } from './service.ts';
import { connect, send, until } from './wire.ts';

const BODY = 64 * 1024;
let service: Service;
beforeAll(async () => {
  service = await startService(manyEndpoints(200), undefined, undefined, { bodyBytes: BODY, requestSeconds: 1 });
  await service.rest('POST', '/api/v1/snapshots', { label: 'first' });
});
afterAll(() => service.stop());
afterEach(async () => {
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});

const post = (path: string, body: string | Buffer, type = 'application/json') =>
  fetch(service.url + path, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(Buffer.from(body)) });
const problem = async (reply: Response) => {
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  return (await reply.json()) as { readonly status: number; readonly code: string; readonly detail: string; readonly hint: string };
};

describe('a body', () => {
  const large = JSON.stringify({ from: 'web', to: 'x'.repeat(BODY) });

  test('that is too large is refused', async () => {
    expect(await problem(await post('/api/v1/reachability', large))).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    const graphql = await post('/graphql', JSON.stringify({ query: `{ hosts { totalCount } } #${'x'.repeat(BODY)}` }));
    expect(graphql.status).toBe(413);
    expect(await graphql.text()).toContain('TOO_LARGE');
  });

  test('that is too large is refused before it is read when its length is told, and while it is read when not', async () => {
    const head = 'POST /api/v1/reachability HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    expect(await send(service.url, `${head}Content-Length: 9999999999\r\n\r\n`, /\r\n\r\n.*\}/s)).toContain(' 413 ');
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    expect(await send(service.url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}`, /\r\n\r\n.*\}/s)).toContain(' 413 ');
  });

  test.each<readonly [string, string | Buffer, string, number]>([
    ['broken JSON', '{"from": ', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['another type', 'from=web', 'application/x-www-form-urlencoded', 415],
    ['a type that is none', '{}', 'nonsense', 415],
    ['a prototype', '{"from": "web", "__proto__": {"admin": true}}', 'application/json', 400],
    ['a constructor', '{"from": "web", "constructor": {"prototype": {"admin": true}}}', 'application/json', 400],
    ['nested arrays', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'application/json', 400],
    ['a number', '1e999', 'application/json', 400],
    ['a name that is no text', '{"from": {"$ne": null}, "to": "web:80"}', 'application/json', 400],
    ['octets that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'application/json', 400],
  ])('of %s is refused', async (_, body, type, status) => {
    expect(await problem(await post('/api/v1/reachability', body, type))).toMatchObject({ status, hint: expect.stringMatching(/./) });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('with a key twice counts the last one, and with NUL or half a character in a name names nobody', async () => {
    expect(await problem(await post('/api/v1/reachability', '{"from":"c0","from":"nobody","to":"c1:80"}'))).toMatchObject({
      status: 404,
      code: 'UNKNOWN_ENDPOINT',
    });
    for (const name of ['c0\\u0000', '\\ud800', 'c0\\u202e']) {
      expect(await problem(await post('/api/v1/reachability', `{"from":"${name}","to":"c1:80"}`))).toMatchObject({ status: 404, code: 'UNKNOWN_ENDPOINT' });
    }
    const label = await post('/api/v1/snapshots', '{"label":"a\\u0000b"}');
    expect(await problem(label)).toMatchObject({ status: 400, code: 'BAD_ARGUMENT' });
  });
});

describe('a query', () => {
  test.each([
    ['a prototype', '{"query":"{ hosts { totalCount } }","variables":{"__proto__":{"x":1}}}', 400],
    ['no text', '{"query":{}}', 400],
    ['a list', '[{"query":"{ hosts { totalCount } }"}]', 400],
    ['wrong variables', '{"query":"{ hosts { totalCount } }","variables":[1]}', 400],
    ['a wrong name', '{"query":"{ hosts { totalCount } }","operationName":"other"}', 400],
    ['NUL', '{"query":"{ hosts\\u0000 { totalCount } }"}', 400],
  ])('of %s is refused', async (_, body, status) => {
    const reply = await post('/graphql', body);
    expect(reply.status).toBe(status);
    expect(await reply.text()).toMatch(/"code":"(BAD_QUERY|BAD_ARGUMENT)"/);
  });

  test.each([
    'abc',
    'YWZ0ZXI6',
    '\u0000',
    '\ud800',
    'é',
    Buffer.from('after:__proto__').toString('base64url'),
    Buffer.from([0xff, 0xfe]).toString('base64url'),
    'x'.repeat(50_000),
  ])('with the cursor %# is refused', async (after) => {
    const body = JSON.stringify({ query: 'query ($after: String) { hosts(after: $after) { totalCount } }', variables: { after } });
    expect(await (await post('/graphql', body)).json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_CURSOR' } }] });
  });
});

describe('a path', () => {
  test.each([
    ['a broken escape', '/api/v1/snapshots/%zz', 400],
    ['octets that are no UTF-8', '/api/v1/snapshots/%ff%fe', 400],
    ['NUL', '/api/v1/snapshots/%00', 404],
    ['a way up', '/api/v1/snapshots/..%2f..%2f..%2fetc%2fpasswd', 404],
    ['a way up in the page', '/assets/..%2f..%2f..%2f..%2fetc/passwd', 404],
    ['no end', `/api/v1/snapshots/${'x'.repeat(5000)}`, 414],
    ['a query of no UTF-8', '/api/v1/hosts?name=%ff', 200],
    ['a prototype in the query', '/api/v1/hosts?__proto__=x', 400],
    ['a filter twice', '/api/v1/hosts?name=a&name=b', 400],
    ['NUL in the query', '/api/v1/search?text=a%00b', 200],
  ])('with %s is answered', async (_, path, status) => {
    const reply = await fetch(service.url + path);
    expect(reply.status).toBe(status);
    if (status >= 400) await problem(reply);
  });
});

describe('a connection', () => {
  test.each([
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a request line without end', `GET /${'x'.repeat(40_000)}`],
    ['headers that are too large', `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['two lengths', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}'],
    [
      'a length and chunks',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
    ],
    ['a header with NUL', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n'],
  ])('of %s is answered with 4xx and closed', async (_, octets) => {
    expect(await send(service.url, octets, /\r\n\r\n$/)).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  test('with garbage behind a request ends with 400', async () => {
    expect(await send(service.url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n\0\0garbage\r\n\r\n', /never/)).toContain('HTTP/1.1 400 ');
  });

  test('that asks a hundred times at once gets a hundred answers in order', async () => {
    const asked = Array.from({ length: 100 }, (_, i) => `GET /api/v1/snapshots/${i === 50 ? 1 : 999} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('');
    const wire = connect(service.url);
    wire.socket.write(asked);
    const codes = () => [...wire.text().matchAll(/HTTP\/1.1 (\d+) /g)].map(([, code]) => code);
    await until(() => codes().length === 100);
    expect(codes().indexOf('200')).toBe(50);
    wire.socket.destroy();
  });

  test.each([
    ['its headers', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'],
    ['its body', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'],
  ])('that never ends %s is closed', async (_, octets) => {
    const wire = connect(service.url);
    wire.socket.write(octets);
    const drip = setInterval(() => wire.socket.write(octets.startsWith('GET') ? 'X: y\r\n' : ' '), 100);
    expect(await wire.closed).toMatch(/^(HTTP\/1.1 408 |$)/);
    clearInterval(drip);
  });

  test('that goes away in the middle of an answer leaves nothing behind', async () => {
    const open = () => new Promise<number>((resolve) => service.server.app.server.getConnections((_, count) => resolve(count)));
    const wires = Array.from({ length: 50 }, () => connect(service.url));
    for (const { socket } of wires) socket.write('GET /api/v1/facts HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => wires.some((wire) => wire.text().length > 0));
    for (const { socket } of wires) socket.destroy();
    await until(async () => (await open()) < 10);
  });

  test.each([
    ['a method that is not there', 'PUT', 405],
    ['a method that HTTP does not know', 'BREW', 400],
  ])('with %s is told', async (_, method, status) => {
    expect(await send(service.url, `${method} /api/v1/hosts HTTP/1.1\r\nHost: localhost\r\n\r\n`, /\r\n\r\n/)).toContain(`HTTP/1.1 ${status} `);
  });
});
