import { createRequire } from 'node:module';

/** The implementation that the server's plugin comes with: Node.js 20 has none. */
const WebSocket = createRequire(createRequire(import.meta.url).resolve('@fastify/websocket'))('ws');

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data?: unknown; readonly errors?: unknown } & Record<string, unknown>;
}

/** A WebSocket that speaks graphql-transport-ws by hand, so that every message and the way it closes can be seen. */
export async function openSocket(url: string, { token, header }: { readonly token?: string | null; readonly header?: string } = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: header === undefined ? {} : { authorization: `Bearer ${header}` },
  });
  const messages: Message[] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code: number, reason: Buffer) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  /** The first message that fits, now or later; the close when it comes first. */
  const until = async (fits: (message: Message) => boolean): Promise<Message | { code: number; reason: string }> => {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      const end = await Promise.race([closed, new Promise<null>((resolve) => (wake = () => resolve(null)))]);
      if (end) return end;
    }
  };
  send({ type: 'connection_init', ...(token != null && { payload: { Authorization: `Bearer ${token}` } }) });
  return {
    messages,
    closed,
    send,
    until,
    subscribe: (id: string, query: string) => send({ id, type: 'subscribe', payload: { query } }),
    close: () => socket.close(),
  };
}
