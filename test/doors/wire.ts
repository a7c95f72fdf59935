/** Octets on a connection, as no well-behaved client would send them. */
import net from 'node:net';

export interface Wire {
  readonly socket: net.Socket;
  /** What came so far. */
  text(): string;
  /** When the other side has closed. */
  readonly closed: Promise<string>;
}

export function connect(url: string): Wire {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  const parts: Buffer[] = [];
  const text = () => Buffer.concat(parts).toString('latin1');
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => {});
  return { socket, text, closed: new Promise((resolve) => socket.once('close', () => resolve(text()))) };
}

/** What is answered to these octets; the connection is closed by the service, or when `enough` came. */
export async function send(url: string, octets: string | Buffer, enough: RegExp): Promise<string> {
  const wire = connect(url);
  wire.socket.write(octets);
  wire.socket.on('data', () => {
    if (enough.test(wire.text())) wire.socket.end();
  });
  return wire.closed;
}

export const until = async (so: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await so())) await new Promise((resolve) => setTimeout(resolve, 5));
};
