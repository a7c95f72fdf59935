/** Errors as RFC 9457 problem documents. */
import { z } from 'zod';
import { ERROR_CODES } from '../model/errors.ts';
import type { ErrorDescription } from '../operations/describe-error.ts';
import { HTTP_STATUS } from '../operations/http-status.ts';

export const problemDocument = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe('The code in words.'),
    status: z.number().int(),
    detail: z.string().describe('What is wrong.'),
    code: z.enum([...ERROR_CODES, 'INTERNAL']),
    hint: z.string().describe('What to do next.'),
    candidates: z.array(z.string()).describe('Nearest names.'),
    requestId: z.string().describe('As in the header x-request-id and in the log.'),
  })
  .meta({ id: 'ProblemDocument' });

export function problem({ code, message, hint, candidates }: ErrorDescription, requestId: string, status = HTTP_STATUS[code]): z.infer<typeof problemDocument> {
  const title = code.toLowerCase().replaceAll('_', ' ');
  return { type: 'about:blank', title, status, detail: message, code, hint, candidates: [...candidates], requestId };
}
