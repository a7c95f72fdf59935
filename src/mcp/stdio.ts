/** MCP over standard input and output: nothing else may be printed there. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Context } from '../operations/context.ts';
import { createMcp } from './server.ts';

/** The client hangs up by closing the input. */
export const inputEnd = (): Promise<void> =>
  new Promise((resolve) => {
    process.stdin.once('end', () => resolve());
    process.stdin.once('close', () => resolve());
  });

export async function speak(context: Context, stop: Promise<void>): Promise<void> {
  const mcp = createMcp(context);
  const ended = inputEnd();
  await mcp.connect(new StdioServerTransport());
  await Promise.race([ended, stop]);
  await mcp.close();
}
