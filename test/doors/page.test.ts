/** How the built page is served. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { registerPage } from '../../src/page.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-page-'));
let app: FastifyInstance;

beforeAll(async () => {
  mkdirSync(path.join(folder, 'assets'));
  for (const [name, text] of [
    ['index.html', '<!doctype html>'],
    ['explorer.html', '<!doctype html>'],
    ['assets/index-abc.js', 'let here'],
  ] as const) {
    writeFileSync(path.join(folder, name), text);
  }
  writeFileSync(path.join(folder, 'assets/index-abc.js.gz'), gzipSync('let here'));
  app = fastify();
  await registerPage(app, folder);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

test('the page may load nothing from elsewhere, run nothing written into it, and stand in no frame', async () => {
  const { statusCode, headers } = await app.inject('/');
  expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('files whose names hold a digest are kept for good, and sent compressed to whoever takes that', async () => {
  const plain = await app.inject('/assets/index-abc.js');
  expect([plain.body, plain.headers['content-encoding']]).toEqual(['let here', undefined]);
  expect(plain.headers['cache-control']).toContain('immutable');
  const packed = await app.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.headers['content-type']).toMatch(/javascript/);
  expect(packed.headers['cache-control']).toContain('immutable');
  expect(gunzipSync(packed.rawPayload).toString()).toBe('let here');
});

test.each(['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/assets/', '/nothing.js', '/assets/%00'])('nothing else is served: %s', async (url) => {
  expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
});

test('a page that is not built says so, and where the rest is', async () => {
  const bare = fastify();
  await registerPage(bare, path.join(folder, 'assets'));
  const { statusCode, body, headers } = await bare.inject('/');
  expect(statusCode).toBe(503);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  for (const word of ['npm run build', '/graphql', '/api/v1']) expect(body).toContain(word);
  await bare.close();
});
