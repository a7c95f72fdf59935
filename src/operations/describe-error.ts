import { type ErrorCode, UserError } from '../model/errors.ts';

/** An error as doors show it. */
export interface ErrorDescription {
  readonly code: ErrorCode | 'INTERNAL';
  readonly message: string;
  readonly hint: string;
  readonly candidates: readonly string[];
}

/** What is not the user's doing is not shown: its text may hold what nobody should see. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof UserError) return { code: error.code, message: error.message, hint: error.hint, candidates: error.candidates };
  return { code: 'INTERNAL', message: 'netwhy failed.', hint: 'This is a bug of netwhy: its log says more.', candidates: [] };
}
