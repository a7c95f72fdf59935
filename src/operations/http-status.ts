import { UserError } from '../model/errors.ts';
import { describeError, type ErrorDescription } from './describe-error.ts';

/** The HTTP status of an error. */
export const HTTP_STATUS: Readonly<Record<ErrorDescription['code'], number>> = {
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

/** An error as HTTP shows it; what the server itself refuses (no such path, broken JSON, too large) has a status of its own. */
export function describeHttpError(error: Error & { readonly statusCode?: number }): {
  readonly shown: ErrorDescription;
  readonly status: number;
  readonly headers: Record<string, string>;
} {
  if (!(error instanceof UserError) && error.statusCode !== undefined && error.statusCode < 500) {
    const hint = 'See /api/v1/openapi.json for what is expected.';
    return {
      shown: { code: error.statusCode === 413 ? 'TOO_LARGE' : 'BAD_ARGUMENT', message: error.message, hint, candidates: [] },
      status: error.statusCode,
      headers: {},
    };
  }
  const shown = describeError(error);
  const retryAfter: Record<string, string> = error instanceof UserError && error.retryAfter !== null ? { 'retry-after': String(error.retryAfter) } : {};
  const authenticate: Record<string, string> = shown.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer realm="netwhy"' } : {};
  return { shown, status: HTTP_STATUS[shown.code], headers: { ...retryAfter, ...authenticate } };
}
