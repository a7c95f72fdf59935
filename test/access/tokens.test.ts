import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf, newSecret } from '../../src/access/secret.ts';
import { runCli } from '../doors/run-cli.ts';
import { sql } from '../support/databases.ts';
import { type Guarded, startGuarded } from './guarded.ts';

describe('a secret', () => {
  test('has a prefix, 256 bits and a checksum', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^nwt_[\w-]{49}$/);
    expect(newSecret()).not.toBe(secret);
    expect(hashOf(secret)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['a character too few', (secret: string) => secret.slice(0, -1)],
    ['one too many', (secret: string) => `${secret}A`],
    ['two in the wrong order', (secret: string) => secret.replace(/^(nwt_.*?)(.)((?!\2).)/, '$1$3$2')],
    ['another prefix', (secret: string) => secret.replace('nwt_', 'nwx_')],
  ])('with %s is recognized as none', (_, change) => {
    const changed = change(newSecret());
    expect(hashOf(changed)).toBeNull();
  });
});

let guarded: Guarded;
let now = Date.parse('2026-05-01T00:00:00Z');
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-tokens-'));
  guarded = await startGuarded({}, { now: () => now });
  process.env.DATABASE_URL = guarded.service.database;
});
afterEach(() => {
  delete process.env.NETWHY_TOKEN;
  now = Date.now();
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await guarded.stop();
  rmSync(folder, { recursive: true });
});

const json = (text: string) => JSON.parse(text);
const create = async (...args: string[]) => (await runCli('token', 'create', '--name', 'ci', ...args)).out.trim();
const status = async (token: string | null) => (await guarded.ask('GET', '/api/v1/hosts', token)).status;
const listed = async (id: number) => (await guarded.service.context.store()).tokens.list().then((all) => all.find((token) => token.id === id));

test('the command line makes one that works, says it once, and keeps a hash alone', async () => {
  const made = await runCli('token', 'create', '--name', 'ci', '--scope', 'read,snapshot');
  expect(made).toMatchObject({ code: 0, err: expect.stringMatching(/^Token \d+, expires 20.*\. It is not shown again:\n$/) });
  const secret = made.out.trim();
  expect([await status(null), await status(secret)]).toEqual([401, 200]);
  const list = await runCli('token', 'list');
  expect(list.out).toMatch(/^ID +NAME +SCOPES +CREATED +EXPIRES +LAST USED +REVOKED\n +\d+ +ci +read, snapshot +/);
  expect(list.out).not.toContain(secret.slice(4));
  const rows = JSON.stringify(await sql(guarded.service.database, 'SELECT * FROM "ApiToken"'));
  expect(rows).not.toContain(secret.slice(4, 20));
  expect(rows).toContain(hashOf(secret));
});

test('revoked, it is refused at once', async () => {
  const { secret, token } = json(await create('--scope', 'read', '--json'));
  expect(await status(secret)).toBe(200);
  expect((await runCli('token', 'revoke', String(token.id))).out).toBe(`token ${token.id} (ci) is revoked\n`);
  const refused = await guarded.ask('GET', '/api/v1/hosts', secret);
  expect(refused).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED', detail: 'The token is revoked.' } });
  const since = json((await runCli('token', 'list', '--json')).out).find(({ id }: { id: number }) => id === token.id).revokedAt;
  expect(json((await runCli('token', 'revoke', String(token.id), '--json')).out).revokedAt).toBe(since);
});

test('expired, it is refused', async () => {
  const { secret, token } = json(await create('--scope', 'read', '--expires', '12h', '--json'));
  expect(Date.parse(token.expiresAt) - Date.parse(token.createdAt)).toBe(12 * 3_600_000);
  now = Date.parse(token.expiresAt) - 1;
  expect(await status(secret)).toBe(200);
  now += 1;
  expect(await guarded.ask('GET', '/api/v1/hosts', secret)).toMatchObject({ status: 401, json: { detail: 'The token has expired.' } });
  expect(json(await create('--scope', 'read', '--expires', 'never', '--json')).token.expiresAt).toBeNull();
});

test('its last use is noted once a minute', async () => {
  const { secret, token } = json(await create('--scope', 'read', '--json'));
  expect(token.lastUsedAt).toBeNull();
  const used = async (time: number) => {
    now = time;
    await status(secret);
    // What is noted stands in line with all that writes: behind it, the note is there.
    await guarded.token('read');
    return (await listed(token.id))?.lastUsedAt;
  };
  const first = Date.parse('2027-01-01T00:00:00Z');
  expect(await used(first)).toBe('2027-01-01T00:00:00.000Z');
  expect(await used(first + 59_999)).toBe('2027-01-01T00:00:00.000Z');
  expect(await used(first + 60_000)).toBe('2027-01-01T00:01:00.000Z');
});

describe('the command line asks a service', () => {
  test('with the token of the environment or of a file, never of the arguments', async () => {
    const remote = ['hosts', '--json', '--server', guarded.url];
    expect(await runCli(...remote)).toMatchObject({ code: 3, err: expect.stringContaining('This needs a token.') });
    const secret = await create('--scope', 'read');
    const file = path.join(folder, 'token');
    writeFileSync(file, `${secret}\n`);
    expect((await runCli(...remote, '--token-file', file)).code).toBe(0);
    expect((await runCli(...remote, '--token', secret)).code).toBe(3);
    process.env.NETWHY_TOKEN = secret;
    expect((await runCli(...remote)).code).toBe(0);
    expect(await runCli(...remote, '--token-file', '/nowhere')).toMatchObject({
      code: 3,
      err: expect.stringContaining('Cannot read the token file /nowhere: ENOENT.'),
    });
  });

  test('for tokens too, with the scope admin', async () => {
    process.env.NETWHY_TOKEN = await create('--scope', 'snapshot');
    const remote = ['--server', guarded.url];
    expect(await runCli('token', 'list', ...remote)).toMatchObject({ code: 3, err: expect.stringContaining('This needs the scope admin: ci (token') });
    process.env.NETWHY_TOKEN = await create('--scope', 'admin');
    const { token, secret } = json((await runCli('token', 'create', '--name', 'far', '--scope', 'read', '--json', ...remote)).out);
    expect(await status(secret)).toBe(200);
    expect(json((await runCli('token', 'list', '--json', ...remote)).out)).toContainEqual(expect.objectContaining({ id: token.id, name: 'far' }));
    expect((await runCli('token', 'revoke', String(token.id), ...remote)).code).toBe(0);
    expect(await status(secret)).toBe(401);
  });
});

test('every door lists the same', async () => {
  const admin = await guarded.token('admin');
  await guarded.ask('GET', '/api/v1/hosts', admin);
  await guarded.token('read');
  const rest = (await guarded.ask('GET', '/api/v1/tokens', admin)).json;
  expect(json((await runCli('token', 'list', '--json')).out)).toEqual(rest);
  const graphql = (await guarded.graphql('{ apiTokens { id name scopes createdAt expiresAt lastUsedAt revokedAt } }', admin)).json.data.apiTokens;
  expect(graphql).toEqual(
    rest.map((token: { id: number; scopes: string[] }) => ({ ...token, id: String(token.id), scopes: token.scopes.map((scope) => scope.toUpperCase()) })),
  );
  const made = await guarded.graphql(
    'mutation { createToken(name: "g", scopes: [READ, PROBE], expires: "never") { secret token { id scopes expiresAt } } }',
    admin,
  );
  expect(made.json.data.createToken).toMatchObject({ secret: expect.stringMatching(/^nwt_/), token: { scopes: ['READ', 'PROBE'], expiresAt: null } });
  const { id } = made.json.data.createToken.token;
  expect((await guarded.graphql(`mutation { revokeToken(id: "${id}") { revokedAt } }`, admin)).json.data.revokeToken.revokedAt).not.toBeNull();
});

test.each([
  ['no scope', { name: 'x', scopes: [] }, 'at least one scope'],
  ['a scope that is none', { name: 'x', scopes: ['write'] }, 'scopes.0'],
  ['a name that is none', { name: '\u001b[2J', scopes: ['read'] }, 'control character'],
  ['a time that is none', { name: 'x', scopes: ['read'], expires: 'soon' }, 'must be a duration'],
  ['no time at all', { name: 'x', scopes: ['read'], expires: '0d' }, 'must be a duration'],
])('%s makes no token', async (_, body, detail) => {
  const { status: code, json: problem } = await guarded.ask('POST', '/api/v1/tokens', await guarded.token('admin'), { body });
  expect([code, problem.code, problem.detail]).toEqual([400, 'BAD_ARGUMENT', expect.stringContaining(detail)]);
});

test('what is no token of ours is refused, on open loopback too', async () => {
  const open = await startGuarded({ loopback: 'open' }, {}, guarded.service);
  const ask = (authorization: string) => open.ask('GET', '/api/v1/hosts', null, { headers: { authorization } });
  expect((await open.ask('GET', '/api/v1/hosts')).status).toBe(200);
  expect((await ask(`Bearer ${await guarded.token('read')}`)).status).toBe(200);
  expect((await ask(`Bearer ${newSecret()}`)).json.detail).toBe('The token is not known here.');
  expect((await ask('Bearer nwt_x')).json.detail).toBe('The token is not whole.');
  expect((await ask('Basic eDp5')).json.detail).toBe('The token is not sent as one.');
  await open.stop();
});
