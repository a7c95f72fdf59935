import { z } from 'zod';
import type { Scope } from '../model/access.ts';
import type { Context } from '../operations/context.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../operations/page.ts';

export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One path and method; the document and the server are both made from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As in OpenAPI: parameters in braces. */
  readonly path: string;
  readonly summary: string;
  /** What a caller needs; `read` when not given. */
  readonly scope?: Scope;
  /** It takes long: only so many of its kind run at a time. */
  readonly heavy?: boolean;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status?: 200 | 201;
  /** Without `at`, or with `live`, the answer is of now; the answer of others says so itself. */
  readonly ofNow?: true;
  readonly result: z.ZodType;
  run(context: Context, request: Request): Promise<unknown>;
}

export const at = z.string().optional().describe('Snapshot: id, label, time, `latest` or `previous`; live when not given.');
export const paging = {
  first: z.coerce.number().int().min(0).max(MAX_PAGE).default(DEFAULT_PAGE).describe('Page size.'),
  after: z.string().optional().describe('`endCursor` of the page before.'),
};
