/** Who is local, which pages may ask, how often, and what every answer says to a browser. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AccessSettings, OPEN } from '../../src/access/settings.ts';
import { Slots } from '../../src/operations/slots.ts';
import { type Service, startService } from '../doors/service.ts';
import { smallEstate } from '../doors/small-estate.ts';
import { type Guarded, startGuarded } from './guarded.ts';
import { openSocket } from './socket.ts';

let service: Service;
const started: Guarded[] = [];
beforeAll(async () => {
  service = await startService(smallEstate());
});
afterAll(async () => {
  for (const guarded of started) await guarded.stop();
  await service.stop();
});

async function start(access: Partial<AccessSettings>, loopback = true): Promise<Guarded> {
  const guarded = await startGuarded({ ...OPEN, ...access }, { loopback }, service);
  started.push(guarded);
  return guarded;
}
const HOSTS = '/api/v1/hosts';
const statusOf = async (guarded: Guarded, headers: Record<string, string>, from?: string) =>
  (await guarded.ask('GET', HOSTS, null, { headers, ...(from !== undefined && { from }) })).status;

describe('without a token', () => {
  test('only a request over loopback is answered, and none that a proxy passed on', async () => {
    const open = await start({});
    expect(await statusOf(open, {})).toBe(200);
    expect(await statusOf(open, {}, '::1')).toBe(200);
    expect(await statusOf(open, {}, '192.0.2.1')).toBe(401);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host', 'x-forwarded-proto'])
      expect([header, await statusOf(open, { [header]: '127.0.0.1' })]).toEqual([header, 401]);
    expect((await open.ask('GET', HOSTS, await open.token('read'), { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(200);
  });

  test('a proxy that is trusted says itself who may ask', async () => {
    expect(await statusOf(await start({ trustProxy: true }), { 'x-forwarded-for': '192.0.2.1' })).toBe(200);
  });

  test('nobody is answered where the configuration or the address asks for one', async () => {
    expect(await statusOf(await start({ loopback: 'token' }), {})).toBe(401);
    expect(await statusOf(await start({}, false), {})).toBe(401);
  });
});

describe('a page of another site', () => {
  const PUBLIC = 'https://netwhy.example.org';
  const OTHER = 'https://dashboard.example.org';

  test('is refused, by its origin and by a name that leads to loopback', async () => {
    const open = await start({});
    expect(await statusOf(open, { origin: OTHER })).toBe(403);
    expect(await statusOf(open, { host: 'evil.example' })).toBe(403);
    expect(await statusOf(open, { host: 'netwhy.example.org' })).toBe(403);
    expect(await statusOf(open, { host: 'localhost:4000', origin: 'http://localhost:4000' })).toBe(200);
  });

  test('the public name is ours, a name like it is not', async () => {
    const named = await start({ publicUrl: PUBLIC });
    expect(await statusOf(named, { host: 'netwhy.example.org', origin: PUBLIC })).toBe(200);
    expect(await statusOf(named, { host: '127.0.0.1:4000', origin: PUBLIC })).toBe(200);
    expect(await statusOf(named, { host: 'netwhy.example.org.evil.example' })).toBe(403);
    expect(await statusOf(named, { host: 'netwhy.example.org', origin: OTHER })).toBe(403);
  });

  test('is let in when it is named, and asks before it sends', async () => {
    const shared = await start({ cors: [OTHER], loopback: 'token' });
    const asked = { origin: OTHER, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' };
    for (const url of ['/graphql', HOSTS]) {
      const { status, headers } = await shared.ask('OPTIONS', url, null, { headers: asked });
      expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([204, OTHER, 'Origin']);
      expect(headers['access-control-allow-headers']).toContain('Authorization');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
    const refused = await shared.ask('GET', HOSTS, null, { headers: { origin: OTHER } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, OTHER]);
    expect((await shared.ask('OPTIONS', HOSTS, null, { headers: { ...asked, origin: 'https://evil.example' } })).status).toBe(403);
    expect((await (await start({})).ask('GET', HOSTS)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('cannot make a form change anything', async () => {
    const open = await start({});
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type };
      expect([type, (await open.ask('POST', '/api/v1/snapshots', null, { headers, body: '{}' })).status]).toEqual([type, 415]);
      expect((await open.ask('POST', '/graphql', null, { headers, body: '{"query":"{__typename}"}' })).status).toBeGreaterThanOrEqual(400);
    }
    expect((await open.ask('GET', '/graphql?query={__typename}')).status).toBe(400);
  });
});

test('every answer tells a browser to run, frame and guess nothing', async () => {
  const guarded = await start({ loopback: 'token' });
  for (const url of ['/healthz', HOSTS, '/nothing', '/graphql', '/api/v1/openapi.json', '/']) {
    const { headers } = await guarded.ask('GET', url);
    expect([url, headers]).toEqual([
      url,
      expect.objectContaining({
        'content-security-policy': expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      }),
    ]);
    expect(headers).not.toHaveProperty('set-cookie');
    expect(String(headers['content-security-policy'])).not.toContain('unsafe');
  }
  expect((await guarded.ask('GET', HOSTS)).headers['www-authenticate']).toBe('Bearer realm="netwhy"');
});

describe('more requests than allowed', () => {
  test('are refused by token, with when to come again, at every door; health is not counted', async () => {
    const limited = await start({ loopback: 'token', rateLimit: { perMinute: 3, concurrency: 1 } });
    const [one, other] = [await limited.token('read'), await limited.token('read')];
    for (let i = 0; i < 3; i++) expect((await limited.ask('GET', HOSTS, one)).status).toBe(200);
    const refused = await limited.ask('GET', HOSTS, one);
    expect(refused).toMatchObject({ status: 429, json: { code: 'RATE_LIMITED', status: 429, hint: expect.stringContaining('seconds') } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const graphql = await limited.graphql('{ __typename }', one);
    expect(graphql).toMatchObject({ status: 429, json: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] } });
    expect(Number(graphql.headers['retry-after'])).toBeGreaterThan(0);
    expect((await limited.ask('GET', HOSTS, other)).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await limited.ask('GET', '/healthz', one)).status).toBe(200);
  });

  test('are refused by address where there is no token, so that none can be guessed', async () => {
    const limited = await start({ loopback: 'token', rateLimit: { perMinute: 3, concurrency: 1 } });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await limited.ask('GET', HOSTS, `nwt_${i}`, { from: '192.0.2.7' })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await limited.ask('GET', HOSTS, null, { from: '192.0.2.8' })).status).toBe(401);
  });

  test('count on a WebSocket too', async () => {
    const limited = await start({ loopback: 'token', rateLimit: { perMinute: 2, concurrency: 1 } });
    const socket = await openSocket(limited.url, { token: await limited.token('read') });
    await socket.until(({ type }) => type === 'connection_ack');
    for (const id of ['1', '2', '3']) {
      socket.subscribe(id, '{ __typename }');
      await socket.until((message) => message.id === id);
    }
    expect(socket.messages.filter(({ type }) => type === 'next' || type === 'error').map(({ id, type }) => [id, type])).toEqual([
      ['1', 'next'],
      ['2', 'next'],
      ['3', 'error'],
    ]);
    expect(JSON.stringify(socket.messages.at(-1))).toContain('RATE_LIMITED');
    socket.close();
  });
});

describe('what takes long', () => {
  test('runs so many at a time; others wait for their turn, in order, whatever becomes of those before', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const runs = [0, 1, 2, 3].map((n) =>
      slots.run(() => {
        begun.push(n);
        return new Promise<number>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve(n))));
      }),
    );
    expect(begun).toEqual([0, 1]);
    ends[1]!(new Error('broken'));
    await expect(runs[1]).rejects.toThrow('broken');
    expect(begun).toEqual([0, 1, 2]);
    ends[2]!();
    await runs[2];
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const end of ends) end();
    expect(await Promise.all([runs[0], runs[3]])).toEqual([0, 3]);
    expect(await slots.run(() => 'free')).toBe('free');
  });

  test('is refused when too many wait', async () => {
    const slots = new Slots(1);
    let end = () => {};
    const first = slots.run(() => new Promise<void>((resolve) => (end = resolve)));
    const waiting = Array.from({ length: 16 }, () => slots.run(() => {}));
    await expect(slots.run(() => {})).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
    end();
    await Promise.all([first, ...waiting]);
  });
});
