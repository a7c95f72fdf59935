/** Errors as RFC 9457 problem documents. */
import { z } from 'zod';
import type { ErrorDescription } from '../operations/describe-error.ts';

const STATUS: Readonly<Record<ErrorDescription['code'], number>> = {
  UNKNOWN_ENDPOINT: 404,
  AMBIGUOUS_ENDPOINT: 409,
  BAD_QUESTION: 400,
  UNKNOWN_SNAPSHOT: 404,
  BAD_RECORDING: 500,
  BAD_CONFIG: 500,
  BAD_INTENT: 400,
  BAD_BATCH: 400,
  BAD_CURSOR: 400,
  BAD_ARGUMENT: 400,
  COLLECTION_FAILED: 503,
  STORE_FAILED: 503,
  STORE_TOO_NEW: 503,
  SERVER_UNREACHABLE: 502,
  NOT_FOUND: 404,
  BAD_QUERY: 400,
  TOO_COSTLY: 400,
  TOO_LARGE: 413,
  TIMEOUT: 503,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  ISSUER_UNREACHABLE: 503,
  INTERNAL: 500,
};

export const problemDocument = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe('The code in words.'),
    status: z.number().int(),
    detail: z.string().describe('What is wrong.'),
    code: z.string(),
    hint: z.string().describe('What to do next.'),
    candidates: z.array(z.string()).describe('Nearest names.'),
  })
  .meta({ id: 'ProblemDocument' });

export function problem({ code, message, hint, candidates }: ErrorDescription, status = STATUS[code]): z.infer<typeof problemDocument> {
  const title = code.toLowerCase().replaceAll('_', ' ');
  return { type: 'about:blank', title, status, detail: message, code, hint, candidates: [...candidates] };
}
