import type { z } from 'zod';
import { type ErrorCode, UserError } from '../model/errors.ts';
import { nearest } from '../util/nearest.ts';

/** `input` as `schema` says, or a UserError that names the place. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, code: ErrorCode, where: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = [where, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((schema as unknown as { shape?: object }).shape ?? {});
    const key = issue.keys[0] ?? '';
    throw new UserError(code, `${place} has an unknown field ${JSON.stringify(key)}.`, `Known fields: ${known.join(', ')}.`, nearest(key, known));
  }
  throw new UserError(code, `${place}: ${issueText(issue)}.`, 'Correct this field and ask again.');
}

export const issueText = ({ message }: { readonly message: string }) =>
  message.replace(/^Invalid input: expected (\w+), received undefined$/, 'is missing').replace(/^Invalid input: /, '');
