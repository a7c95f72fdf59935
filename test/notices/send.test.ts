import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NoticeTarget } from '../../src/model/notice.ts';
import { sendNotice } from '../../src/notices/send.ts';
import { noticeOf } from './notice.ts';

const asked: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let server: Server;
let folder: string;
let base: string;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    // May come when its asker has long given up.
    if (request.url === '/never') return;
    asked.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() });
    if (request.url === '/redirect') response.writeHead(307, { location: `${base}/other` });
    else response.writeHead(Number(request.url?.slice(1)));
    response.end('ok');
  });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-send-'));
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const target = (where: string, secret: NoticeTarget['secret'] = null): NoticeTarget => ({ name: 't', url: `${base}${where}`, format: 'json', secret });

test('a target that takes it gets it once, signed by the secret of a file', async () => {
  const file = path.join(folder, 'secret');
  writeFileSync(file, 'sesame\n');
  expect(await sendNotice(target('/204', { file }), noticeOf({}), 1_700_000_000_000)).toBeNull();
  const [got, second] = asked.splice(0);
  expect(second).toBeUndefined();
  expect(got?.headers).toMatchObject({ 'x-netwhy-timestamp': '1700000000', 'x-netwhy-signature': expect.stringMatching(/^sha256=/) });
  expect(JSON.parse(got!.body)).toMatchObject({ key: '12 web must reach db:5432' });
});

test('a redirect is not followed', async () => {
  expect(await sendNotice(target('/redirect'), noticeOf({}), 0)).toBe('it answered 307: redirects are not followed');
  expect(asked.splice(0).map(({ url }) => url)).toEqual(['/redirect']);
});

test('what it answers and that it does not is said, without where it is', async () => {
  expect(await sendNotice(target('/500'), noticeOf({}), 0)).toBe('it answered 500');
  expect(await sendNotice(target('/never'), noticeOf({}), 0, 50)).toBe('no answer within 0.05 s');
  expect(await sendNotice({ ...target(''), url: 'http://127.0.0.1:1/token' }, noticeOf({}), 0)).toMatch(/^it cannot be asked: \w+$/);
  asked.length = 0;
});

test('without its secret nothing is sent', async () => {
  const empty = path.join(folder, 'empty');
  writeFileSync(empty, '\n');
  expect(await sendNotice(target('/204', { env: 'NETWHY_NOT_SET' }), noticeOf({}), 0)).toContain('NETWHY_NOT_SET is not set');
  expect(await sendNotice(target('/204', { file: path.join(folder, 'nowhere') }), noticeOf({}), 0)).toBe('its secret cannot be read: ENOENT');
  expect(await sendNotice(target('/204', { file: empty }), noticeOf({}), 0)).toContain('is empty');
  expect(asked).toEqual([]);
});
