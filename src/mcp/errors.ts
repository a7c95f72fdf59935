import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Context } from '../operations/context.ts';
import { describeError } from '../operations/describe-error.ts';
import { show } from '../util/printable.ts';

/** What a model needs to ask again: code, what is wrong, what to do, nearest names. Bugs are reported and not shown. */
export function errorText(context: Context, error: unknown): string {
  const { code, message, hint, candidates } = describeError(error);
  if (code === 'INTERNAL') context.report(error);
  return JSON.stringify({ error: { code, message: show(message, 1000), hint: show(hint, 1000), candidates: candidates.map((name) => show(name, 200)) } });
}

export const errorResult = (context: Context, error: unknown): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: errorText(context, error) }],
});
