/** Errors that a user's input can cause. Doors show `message` and `hint`; anything else that is thrown is a bug of ours. */
export const ERROR_CODES = [
  'UNKNOWN_ENDPOINT',
  'AMBIGUOUS_ENDPOINT',
  'BAD_QUESTION',
  'UNKNOWN_SNAPSHOT',
  'BAD_RECORDING',
  'BAD_CONFIG',
  'BAD_INTENT',
  'BAD_BATCH',
  'BAD_CURSOR',
  'BAD_ARGUMENT',
  'COLLECTION_FAILED',
  'STORE_FAILED',
  'STORE_TOO_NEW',
  'SERVER_UNREACHABLE',
  'NOT_FOUND',
  'BAD_QUERY',
  'TOO_COSTLY',
  'TOO_LARGE',
  'TIMEOUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'ISSUER_UNREACHABLE',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export class UserError extends Error {
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string;
  /** Nearest names for unknown or ambiguous references. */
  readonly candidates: readonly string[];
  /** Seconds until it is worth asking again; null: not known. */
  readonly retryAfter: number | null;
  constructor(code: ErrorCode, message: string, hint: string, candidates: readonly string[] = [], retryAfter: number | null = null) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.hint = hint;
    this.candidates = candidates;
    this.retryAfter = retryAfter;
  }
}
