// biome-ignore-all lint/suspicious/noExplicitAny: messages of any shape are looked into.
/** Bad input over WebSockets, and very many of them. */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';
import { connect, until } from './wire.ts';

/** The implementation that the server's plugin comes with: Node.js 20 has none. */
const WebSocket = createRequire(createRequire(import.meta.url).resolve('@fastify/websocket'))('ws');
const PROTOCOL = 'graphql-transport-ws';
const BODY = 64 * 1024;

let service: Service;
beforeAll(async () => {
  service = await startService(smallEstate(), undefined, undefined, { bodyBytes: BODY, aliveSeconds: 0.3, operations: 3 });
});
afterAll(() => service.stop());

interface Socket {
  readonly socket: any;
  readonly messages: any[];
  readonly closed: Promise<number>;
}

async function open(init = true, at = service): Promise<Socket> {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/graphql`, PROTOCOL);
  const messages: any[] = [];
  socket.on('message', (data: unknown) => messages.push(JSON.parse(String(data))));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (init) {
    socket.send('{"type":"connection_init"}');
    await until(() => messages.length > 0);
  }
  return { socket, messages, closed };
}
const subscribe = (id: string, query: string) => JSON.stringify({ id, type: 'subscribe', payload: { query } });
const TAKEN = 'subscription { snapshotTaken { id } }';

describe('a message', () => {
  test.each<readonly [string, string | Buffer, number]>([
    ['that is too large', JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(BODY) } }), 1009],
    ['of broken JSON', '{"type":', 4400],
    ['of no type', '{}', 4400],
    ['of an unknown type', '{"type":"shutdown"}', 4400],
    ['a second greeting', '{"type":"connection_init"}', 4429],
    ['without a query', '{"id":"1","type":"subscribe","payload":{}}', 4400],
    ['whose id is no text', '{"id":{"__proto__":1},"type":"subscribe","payload":{"query":"{ hosts { totalCount } }"}}', 4400],
  ])('%s closes the connection', async (_, message, code) => {
    const { socket, closed } = await open();
    socket.send(message);
    expect(await closed).toBe(code);
  });

  test('before the greeting closes the connection', async () => {
    const { socket, closed } = await open(false);
    socket.send(subscribe('1', TAKEN));
    expect(await closed).toBe(4401);
  });

  test('of text that is no UTF-8 closes the connection', async () => {
    const { socket, closed } = await open();
    socket._sender.sendFrame([Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from([0xff, 0xfe])], () => {});
    expect(await closed).toBe(1007);
  });

  test('with the id of an operation that runs closes the connection', async () => {
    const { socket, closed } = await open();
    for (let i = 0; i < 2; i++) socket.send(subscribe('1', TAKEN));
    expect(await closed).toBe(4409);
  });

  test('for more operations than may run at a time is refused, and the connection stays', async () => {
    const { socket, messages, closed } = await open();
    for (let i = 0; i < 6; i++) socket.send(subscribe(String(i), TAKEN));
    await until(() => messages.some(({ type }) => type === 'error'));
    expect(messages.find(({ type }) => type === 'error').payload[0].extensions.code).toBe('TOO_COSTLY');
    socket.send('{"type":"ping"}');
    await until(() => messages.some(({ type }) => type === 'pong'));
    socket.close();
    await closed;
  });

  test('that asks for too much is refused with what it costs', async () => {
    const { socket, messages } = await open();
    socket.send(subscribe('1', '{ endpoints(first: 1000) { nodes { container { endpoints(first: 1000) { nodes { id } } } } } }'));
    await until(() => messages.some(({ type }) => type === 'error'));
    expect(messages.find(({ type }) => type === 'error').payload[0]).toMatchObject({
      message: expect.stringMatching(/costs .* limit/),
      extensions: { code: 'TOO_COSTLY' },
    });
    socket.close();
  });
});

test('a subscriber that never reads is let go', async () => {
  const wire = connect(service.url);
  wire.socket.write(
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`,
  );
  await until(() => wire.text().includes('101 Switching'));
  wire.socket.pause();
  await until(() => service.server.app.websocketServer.clients.size > 0);
  await until(() => service.server.app.websocketServer.clients.size === 0);
  wire.socket.destroy();
});

test('a thousand subscribers each hear of a snapshot, and all are closed when the service stops', async () => {
  const many = await startService(smallEstate());
  const sockets: Socket[] = [];
  for (let i = 0; i < 1000; i += 100) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(true, many)))));
  for (const { socket } of sockets) socket.send(subscribe('1', 'subscription { diffDetected { to { id } changes { totalCount } } }'));
  for (const { socket } of sockets) socket.send(subscribe('2', TAKEN));
  await until(() => many.context.events!.listeners === 2000);
  await many.rest('POST', '/api/v1/snapshots', {});
  await until(() => sockets.every(({ messages }) => messages.some(({ type, payload }) => type === 'next' && payload.data.snapshotTaken?.id === '1')));
  const closed = Promise.all(sockets.map((one) => one.closed));
  await many.stop();
  expect(new Set(await closed)).toEqual(new Set([1001]));
  expect(many.context.events!.listeners).toBe(0);
}, 60_000);
