/** What clients of REST may keep, and what HTTP says besides the answer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takesJson } from '../../src/rest/caching.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

let service: Service;
beforeAll(async () => {
  service = await startService(smallEstate());
  for (const label of ['first', 'second']) await service.rest('POST', '/api/v1/snapshots', { label });
});
afterAll(() => service.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => fetch(`${service.url}/api/v1${path}`, { method, headers });

describe('what is kept in snapshots', () => {
  test.each([
    '/hosts?at=1',
    '/listeners?at=second',
    '/facts?at=1',
    '/matrix?at=1',
    '/diff?from=1&to=2',
    '/snapshots',
    '/snapshots/1',
    '/search?text=web',
    '/history?name=web',
    '/timeline',
  ])('%s has an ETag, by which it is not sent again', async (path) => {
    const first = await get(path);
    const etag = first.headers.get('etag')!;
    expect([first.status, etag, first.headers.get('cache-control')]).toEqual([200, expect.stringMatching(/^"[\w-]{20,}"$/), 'private, no-cache']);
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const again = await get(path, { 'if-none-match': known });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    }
    expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('has another one when it is different', async () => {
    const before = (await get('/hosts?at=latest')).headers.get('etag')!;
    service.setFacts(changedEstate());
    await service.rest('POST', '/api/v1/snapshots', {});
    const after = await get('/hosts?at=latest', { 'if-none-match': before });
    expect([after.status, after.headers.get('etag') === before]).toEqual([200, false]);
  });
});

test.each(['/hosts', '/hosts?at=live', '/facts', '/facts?at=now', '/matrix', '/diff?to=live'])('what is now is not kept: %s', async (path) => {
  const { status, headers } = await get(path, { 'if-none-match': '*' });
  expect([status, headers.get('etag'), headers.get('cache-control')]).toEqual([200, null, 'no-store']);
});

test('HEAD says what GET would', async () => {
  const [head, whole] = [await get('/hosts?at=1', {}, 'HEAD'), await get('/hosts?at=1')];
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, whole.headers.get('etag'), '']);
});

test.each([
  ['PUT', '/hosts', 'GET, HEAD'],
  ['DELETE', '/reachability', 'POST'],
  ['POST', '/snapshots/1', 'DELETE, GET, HEAD, PATCH'],
])('%s %s is not a method of this path, and Allow says which are', async (method, path, allow) => {
  const reply = await get(path, {}, method);
  expect([reply.status, reply.headers.get('allow'), reply.headers.get('content-type')]).toEqual([405, allow, expect.stringContaining('problem+json')]);
});

test('who does not take JSON gets nothing else', async () => {
  const reply = await get('/hosts', { accept: 'text/html' });
  expect([reply.status, await reply.json()]).toEqual([406, expect.objectContaining({ code: 'BAD_ARGUMENT' })]);
});

test.each<readonly [string | undefined, boolean]>([
  [undefined, true],
  ['*/*', true],
  ['text/html, application/*;q=0.5', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/json;q=0', false],
  ['text/csv', false],
])('Accept: %s', (header, takes) => {
  expect(takesJson(header)).toBe(takes);
});
