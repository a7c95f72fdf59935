// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

export interface Called {
  readonly structured: any;
  readonly text: string;
  /** Of a result that is an error. */
  readonly error: any;
}

/** The official client over `transport`; it checks each result against the schema of its tool. */
export async function connect(
  transport: Transport,
): Promise<{ readonly client: Client; call(name: string, given?: Record<string, unknown>): Promise<Called> }> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  await client.listTools();
  return {
    client,
    call: async (name, given = {}) => {
      const result = (await client.callTool({ name, arguments: given })) as any;
      const [{ text }] = result.content;
      return { structured: result.structuredContent, text, error: result.isError ? JSON.parse(text).error : null };
    },
  };
}

export const overHttp = (url: string) => connect(new StreamableHTTPClientTransport(new URL('/mcp', url)) as Transport);
