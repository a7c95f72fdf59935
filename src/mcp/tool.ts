/** One tool; what is served, listed and guarded is made from it. */
import { z } from 'zod';
import type { Context } from '../operations/context.ts';
import { parseInput } from '../operations/parse-input.ts';
import { bounded } from './bounded.ts';
import { type Line, textOf } from './words.ts';

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a principal must be allowed. */
  readonly scope: 'read' | 'snapshot' | 'admin';
  readonly readOnly: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Throws UserError. */
  call(context: Context, input: unknown): Promise<ToolResult>;
}

export interface ToolResult {
  readonly structured: Record<string, unknown>;
  readonly text: string;
}

interface Definition<I extends z.ZodObject, R extends object> extends Omit<Tool, 'input' | 'output' | 'call' | 'scope' | 'readOnly'> {
  readonly scope?: Tool['scope'];
  readonly readOnly?: boolean;
  readonly input: I;
  /** Fields that it does not name are left out. */
  readonly output: z.ZodObject;
  run(context: Context, input: z.output<I>): Promise<R>;
  lines(result: R, input: z.output<I>): readonly Line[];
}

const truncated = z.array(z.string()).describe('What was cut short, and where; empty: nothing.');

export function tool<I extends z.ZodObject, R extends object>({ run, lines, ...definition }: Definition<I, R>): Tool {
  const { input, output } = definition;
  return {
    scope: 'read',
    readOnly: true,
    ...definition,
    output: output.extend({ truncated }),
    call: async (context, raw) => {
      const given = parseInput(input, raw, 'BAD_ARGUMENT', 'arguments') as z.output<I>;
      const result = await run(context, given);
      const { value, cut } = bounded(output.parse(result));
      return { structured: { ...(value as Record<string, unknown>), truncated: cut }, text: textOf(lines(result, given)) };
    },
  };
}

export const at = z.string().max(200).nullish().describe('Snapshot: id, label, time, `latest`, `previous`, `yesterday`, `1h ago`; live when not given.');
export const paging = {
  first: z.number().int().min(1).max(100).default(20).describe('Page size.'),
  after: z.string().max(2000).nullish().describe('`endCursor` of the page before.'),
};
