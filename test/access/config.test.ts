/** What the configuration says of access, and TLS. The certificates are for tests alone. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { followTls, readTls } from '../../src/http/tls.ts';
import { startGuarded } from './guarded.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);
const load = (text: string) => {
  writeFileSync(file('netwhy.yaml'), text);
  return loadConfig(file('netwhy.yaml'), {});
};
const pem = (name: string) => path.join(import.meta.dirname, 'tls', name);
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-access-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('without a word, loopback is open, all else closed, and requests are limited', async () => {
  expect((await load('')).access).toEqual({
    publicUrl: null,
    cors: [],
    tls: null,
    rateLimit: { perMinute: 600, concurrency: 4 },
    loopback: 'open',
    trustProxy: false,
    oidc: null,
  });
});

test('who has a public name asks for a token over loopback too, unless told otherwise', async () => {
  expect((await load('publicUrl: https://netwhy.example.org/')).access).toMatchObject({ publicUrl: 'https://netwhy.example.org', loopback: 'token' });
  expect((await load('publicUrl: http://localhost:4000')).access.loopback).toBe('open');
  expect((await load('publicUrl: https://netwhy.example.org\naccess: {loopback: open}')).access.loopback).toBe('open');
});

test('all of it is read', async () => {
  const { access } = await load(`
cors: [https://dashboard.example.org]
tls: {cert: a.crt, key: /keys/a.key}
rateLimit: {perMinute: 60}
access:
  loopback: token
  trustProxy: true
  oidc:
    issuer: https://id.example.org/realms/ops
    audience: netwhy
    scopeClaim: groups
    scopes: {read: staff, admin: [operators, netwhy-admins]}
`);
  expect(access).toEqual({
    publicUrl: null,
    cors: ['https://dashboard.example.org'],
    tls: { cert: file('a.crt'), key: '/keys/a.key' },
    rateLimit: { perMinute: 60, concurrency: 4 },
    loopback: 'token',
    trustProxy: true,
    oidc: {
      issuer: 'https://id.example.org/realms/ops',
      audience: 'netwhy',
      scopeClaim: 'groups',
      scopes: { read: ['staff'], snapshot: ['netwhy:snapshot'], probe: ['netwhy:probe'], admin: ['operators', 'netwhy-admins'] },
    },
  });
});

test.each([
  ['a URL that is none', 'publicUrl: netwhy', 'must be an http or https URL'],
  ['an origin with a path', 'cors: [https://x.example/a]', 'must be an origin'],
  ['every origin', 'cors: ["*"]', 'must be an origin'],
  ['an issuer without TLS', 'access: {oidc: {issuer: "http://id.example", audience: x}}', 'must be an https URL'],
  ['a scope that is none', 'access: {oidc: {issuer: "https://id.example", audience: x, scopes: {wirte: x}}}', 'Known keys: read, snapshot, probe, admin'],
  ['an unknown key', 'access: {oidc: {issuer: "https://id.example", audiance: x}}', 'audience'],
  ['no requests at all', 'rateLimit: {perMinute: 0}', 'perMinute'],
  ['a certificate alone', 'tls: {cert: a.crt}', 'tls.key'],
])('%s is refused, with the line', async (_, text, message) => {
  const error = await load(text).catch((thrown: Error & { hint: string }) => thrown);
  expect(error).toMatchObject({ code: 'BAD_CONFIG' });
  expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).toContain(message);
});

describe('TLS', () => {
  const use = (name: string) => {
    copyFileSync(pem(`${name}.crt`), file('crt'));
    copyFileSync(pem(`${name}.key`), file('key'));
  };
  const files = () => ({ cert: file('crt'), key: file('key') });
  /** The name in the certificate that a new connection is shown, and the version that is spoken. */
  const seen = (port: number, options: tls.ConnectionOptions = {}) =>
    new Promise<string>((resolve, reject) => {
      const socket = tls.connect(
        { host: '127.0.0.1', port, ca: [readFileSync(pem('a.crt')), readFileSync(pem('b.crt'))], servername: 'localhost', ...options },
        () => {
          resolve(`${socket.getPeerCertificate().subject.CN} ${socket.getProtocol()}`);
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });

  test('files that cannot be read or do not belong together are errors of the configuration', () => {
    use('a');
    expect(() => readTls({ cert: file('crt'), key: file('none') })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringContaining('ENOENT') }),
    );
    expect(() => readTls({ cert: file('crt'), key: pem('b.key') })).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
    expect(() => readTls({ cert: file('key'), key: file('key') })).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  });

  test('is spoken from 1.2 on, with new files after SIGHUP, and the old ones while the new are wrong', async () => {
    use('a');
    const guarded = await startGuarded({ tls: files() });
    const port = Number(new URL(guarded.url).port);
    const reported: unknown[] = [];
    const follow = followTls(guarded.app.server as unknown as Server, files(), (error) => void reported.push(error));
    expect(await seen(port)).toBe('a.test TLSv1.3');
    expect(await seen(port, { maxVersion: 'TLSv1.2' })).toBe('a.test TLSv1.2');
    await expect(seen(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })).rejects.toThrow();
    use('b');
    process.emit('SIGHUP');
    expect(await seen(port)).toBe('b.test TLSv1.3');
    writeFileSync(file('key'), 'nonsense');
    process.emit('SIGHUP');
    expect(reported).toEqual([expect.objectContaining({ code: 'BAD_CONFIG' })]);
    expect(await seen(port)).toBe('b.test TLSv1.3');
    expect((await guarded.ask('GET', '/healthz')).headers['strict-transport-security']).toBe('max-age=31536000');
    follow.stop();
    await guarded.stop();
  });
});
