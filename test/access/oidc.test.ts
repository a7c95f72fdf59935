/** JWTs of an issuer of our own on loopback. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Oidc } from '../../src/access/oidc.ts';
import { SCOPES } from '../../src/model/access.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

const NOW = Date.parse('2026-05-01T12:00:00Z');
let issuer: string;
let server: Server;
let keys: Map<string, Pair>;
let answers: 'well' | 'with an error' | 'as another' | 'with nonsense';
let asked: string[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push(request.url!);
    if (answers === 'with an error') return void response.writeHead(500).end();
    if (answers === 'with nonsense') return void response.end('<html>');
    const name = answers === 'as another' ? 'https://other.example' : issuer;
    const published = async () => Promise.all([...keys].map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })));
    const body = request.url === '/keys' ? { keys: await published() } : { issuer: name, jwks_uri: `${issuer}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(async () => {
  keys = new Map([['first', await generateKeyPair('ES256')]]);
  answers = 'well';
  asked = [];
});

const scopes = { read: ['netwhy:read'], snapshot: ['netwhy:snapshot'], probe: ['netwhy:probe'], admin: ['netwhy:admin', 'operators'] };
const verifier = (scopeClaim = 'scope', at = NOW) => new Oidc({ issuer, audience: 'netwhy', scopeClaim, scopes }, () => at, 0);

interface Changes {
  readonly claims?: JWTPayload;
  readonly audience?: string;
  readonly from?: string;
  readonly kid?: string;
  readonly key?: Pair['privateKey'] | Uint8Array;
  readonly alg?: string;
  readonly expires?: number;
  readonly notBefore?: number;
}
const sign = ({
  claims,
  audience = 'netwhy',
  from = issuer,
  kid = 'first',
  key,
  alg = 'ES256',
  expires = NOW / 1000 + 60,
  notBefore = NOW / 1000,
}: Changes = {}) =>
  new SignJWT({ sub: 'ann', scope: 'openid netwhy:snapshot', ...claims })
    .setProtectedHeader({ alg, kid })
    .setIssuer(from)
    .setAudience(audience)
    .setIssuedAt(NOW / 1000)
    .setNotBefore(notBefore)
    .setExpirationTime(expires)
    .sign(key ?? keys.get(kid)!.privateKey);

test('a token of the issuer says who it is and what it may', async () => {
  expect(await verifier().verify(await sign())).toEqual({ name: `ann (${issuer})`, scopes: ['snapshot'] });
});

test.each<readonly [string, JWTPayload, string, readonly string[]]>([
  ['a text with spaces between', { scope: 'netwhy:read netwhy:probe' }, 'scope', ['read', 'probe']],
  ['a list', { groups: ['operators', 3, 'others'] }, 'groups', ['admin']],
  ['inside another', { realm_access: { roles: ['netwhy:read'] } }, 'realm_access.roles', ['read']],
  ['a name with dots', { 'https://x.example/roles': ['operators'] }, 'https://x.example/roles', ['admin']],
  ['missing', {}, 'roles', []],
  ['a number', { scope: 7 }, 'scope', []],
])('scopes are read from a claim that is %s', async (_, claims, claim, expected) => {
  expect((await verifier(claim).verify(await sign({ claims }))).scopes).toEqual(expected);
  expect(SCOPES).toEqual(expect.arrayContaining([...expected]));
});

test('keys are fetched once, and again when the issuer signs with a new one', async () => {
  const oidc = verifier();
  await oidc.verify(await sign());
  await oidc.verify(await sign());
  expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  keys = new Map([['second', await generateKeyPair('ES256')]]);
  expect((await oidc.verify(await sign({ kid: 'second' }))).name).toContain('ann');
  expect(asked.slice(2)).toEqual(['/keys']);
});

test.each<readonly [string, () => Promise<string>, string]>([
  ['of another audience', () => sign({ audience: 'other' }), 'its claim aud is wrong'],
  ['of another issuer', () => sign({ from: 'https://other.example' }), 'its claim iss is wrong'],
  ['that has expired', () => sign({ expires: NOW / 1000 - 31 }), 'has expired'],
  ['that is not valid yet', () => sign({ notBefore: NOW / 1000 + 31 }), 'its claim nbf is wrong'],
  [
    'that nobody signed',
    async () => new UnsecuredJWT({ sub: 'ann', scope: 'netwhy:admin' }).setIssuer(issuer).setAudience('netwhy').setExpirationTime('1h').encode(),
    'not accepted',
  ],
  ['signed with a shared secret', () => sign({ alg: 'HS256', key: new TextEncoder().encode('x'.repeat(32)) }), 'not accepted'],
  ['of an unknown key', async () => sign({ kid: 'third', key: (await generateKeyPair('ES256')).privateKey }), 'a key that its issuer does not have'],
  ['of another key with a known name', async () => sign({ key: (await generateKeyPair('ES256')).privateKey }), 'a wrong signature'],
  [
    'that was changed',
    async () =>
      (await sign()).replace(/\.(.).*\./, (payload) => `.${Buffer.from(JSON.stringify({ sub: 'eve' })).toString('base64url')}.${payload.slice(0, 0)}`),
    'a wrong signature',
  ],
  ['that is none', async () => 'x.y.z', 'none that can be read'],
  ['without a subject', () => sign({ claims: { sub: undefined } as unknown as JWTPayload }), 'its claim sub is missing'],
])('a token %s is refused', async (_, make, reason) => {
  await expect(verifier().verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining(reason) });
});

test('clocks may differ by half a minute', async () => {
  expect((await verifier().verify(await sign({ expires: NOW / 1000 - 29 }))).name).toContain('ann');
  expect((await verifier().verify(await sign({ notBefore: NOW / 1000 + 29 }))).name).toContain('ann');
});

test.each([
  ['with an error', 'status 500'],
  ['as another', 'it calls itself https://other.example'],
  ['with nonsense', 'cannot be had'],
] as const)('an issuer that answers %s lets nobody in, and is asked again', async (how, reason) => {
  const oidc = verifier();
  answers = how;
  await expect(oidc.verify(await sign())).rejects.toMatchObject({ code: 'ISSUER_UNREACHABLE', message: expect.stringContaining(reason) });
  answers = 'well';
  expect((await oidc.verify(await sign())).name).toContain('ann');
});

test('an issuer that is down lets nobody in', async () => {
  const gone = new Oidc({ issuer: 'http://127.0.0.1:1', audience: 'netwhy', scopeClaim: 'scope', scopes }, () => NOW);
  await expect(gone.verify(await sign())).rejects.toMatchObject({
    code: 'ISSUER_UNREACHABLE',
    message: expect.stringMatching(/^The keys of http:\/\/127\.0\.0\.1:1 cannot be had: .+\.$/),
  });
});
