import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendProbe } from '../../src/collectors/transport/probe.ts';
import { namespaceInode } from '../../src/collectors/transport/processes.ts';
import type { Errand } from '../../src/model/probe.ts';

const here = { inode: namespaceInode('/proc/self/ns/net')!, paths: [] };
const seen: [address: string | undefined, port: number | undefined][] = [];
const heard: string[] = [];
const listener = createServer((socket: Socket) => {
  seen.push([socket.remoteAddress, socket.remotePort]);
  socket.on('error', () => {}).destroy();
});
const echo = createSocket('udp4', (message, { port, address }) => {
  heard.push(String(message));
  echo.send('yes', port, address);
});
const mute = createSocket('udp4', () => {});
const ports = { tcp: 0, udp: 0, mute: 0, none: 0 };

beforeAll(async () => {
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  for (const socket of [echo, mute]) await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const closed = createServer();
  await once(closed.listen(0, '127.0.0.1'), 'listening');
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  Object.assign(ports, { tcp: portOf(listener), udp: portOf(echo), mute: portOf(mute), none: portOf(closed) });
  await once(closed.close(), 'close');
});
afterAll(() => {
  listener.close();
  echo.close();
  mute.close();
});

const errand = (protocol: Errand['protocol'], port: number, more: Partial<Errand> = {}): Errand => ({
  ...{ namespace: here, protocol, address: '127.0.0.1', port, sourcePort: null, sourceAddress: null },
  ...more,
});

describe('one real packet', () => {
  test.each<readonly [string, 'tcp' | 'udp', keyof typeof ports, unknown]>([
    ['is taken by a listener', 'tcp', 'tcp', { outcome: 'ANSWERED', errno: null }],
    ['is refused where nobody listens', 'tcp', 'none', { outcome: 'FAILED', errno: 'ECONNREFUSED' }],
    ['is answered', 'udp', 'udp', { outcome: 'ANSWERED', errno: null }],
    ['hears of the port that is closed', 'udp', 'none', { outcome: 'FAILED', errno: 'ECONNREFUSED' }],
    ['is not answered in time', 'udp', 'mute', { outcome: 'SILENT', errno: null }],
  ])('%s (%s)', async (_, protocol, port, expected) => {
    const sent = await sendProbe(errand(protocol, ports[port]));
    expect(sent).toMatchObject(expected as object);
    expect(sent.milliseconds).toBeGreaterThan(0);
  });

  test('is one, and says that it is a probe', () => {
    expect(seen).toHaveLength(1);
    expect(heard).toEqual(['netwhy probe\n']);
  });

  test('goes from the address and port that are asked for', async () => {
    await sendProbe(errand('tcp', ports.tcp, { sourceAddress: '127.0.0.9', sourcePort: ports.none }));
    expect(seen.at(-1)).toEqual(['127.0.0.9', ports.none]);
    expect(await sendProbe(errand('tcp', ports.tcp, { sourceAddress: '192.0.2.200' }))).toMatchObject({ outcome: 'FAILED', errno: 'EADDRNOTAVAIL' });
  });

  test('goes to an address and to nothing that would have to be looked up', async () => {
    expect(await sendProbe(errand('tcp', ports.tcp, { address: 'localhost' }))).toMatchObject({ outcome: 'FAILED', errno: 'EINVAL' });
  });

  test('is not sent from another namespace than was read', async () => {
    const namespace = { inode: '1', paths: ['/proc/self/ns/net', '/proc/nowhere'] };
    await expect(sendProbe(errand('tcp', ports.tcp, { namespace }))).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringContaining('gone') });
  });

  test('is one of at most four at a time', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => sendProbe(errand('tcp', ports.tcp))));
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(refused).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
    expect(await sendProbe(errand('tcp', ports.tcp))).toMatchObject({ outcome: 'ANSWERED' });
  });
});
