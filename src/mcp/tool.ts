/** One tool; what is served, listed and guarded is made from it. */
import { z } from 'zod';
import type { Scope } from '../model/access.ts';
import type { Context } from '../operations/context.ts';
import { guarded, targetOf } from '../operations/guarded.ts';
import { parseInput } from '../operations/parse-input.ts';
import { bounded } from './bounded.ts';
import { type Line, textOf } from './words.ts';

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a principal must be allowed. */
  readonly scope: Scope;
  readonly readOnly: boolean;
  /** It takes long: only so many of its kind run at a time. */
  readonly heavy: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Throws UserError, FORBIDDEN and UNAUTHENTICATED too. */
  call(context: Context, input: unknown): Promise<ToolResult>;
}

export interface ToolResult {
  readonly structured: Record<string, unknown>;
  readonly text: string;
}

interface Definition<I extends z.ZodObject, R extends object> extends Omit<Tool, 'input' | 'output' | 'call' | 'scope' | 'readOnly' | 'heavy'> {
  readonly scope?: Tool['scope'];
  readonly readOnly?: boolean;
  readonly heavy?: boolean;
  readonly input: I;
  /** Fields that it does not name are left out. */
  readonly output: z.ZodObject;
  run(context: Context, input: z.output<I>): Promise<R>;
  lines(result: R, input: z.output<I>): readonly Line[];
}

const truncated = z.array(z.string()).describe('What was cut short, and where; empty: nothing.');

export function tool<I extends z.ZodObject, R extends object>({ run, lines, ...definition }: Definition<I, R>): Tool {
  const { input, output, scope = 'read', readOnly = true, heavy = false } = definition;
  return {
    ...definition,
    ...{ scope, readOnly, heavy },
    output: output.extend({ truncated }),
    call: async (context, raw) => {
      const { allowance } = context;
      const named = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : undefined;
      const { given, result } = await guarded(context, { door: 'mcp', operation: definition.name, target: targetOf(named), scope, heavy }, async () => {
        const given = parseInput(input, raw, 'BAD_ARGUMENT', 'arguments') as z.output<I>;
        // What changes something runs to its end.
        const result = await (allowance && readOnly ? allowance.within(() => run(context, given)) : run(context, given));
        return { given, result };
      });
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
