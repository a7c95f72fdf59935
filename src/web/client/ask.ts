import type { Document } from '../queries/document.ts';
import { fromWire, ProblemError, unreachable } from './problem.ts';
import { token } from './token.ts';

export const endpoint = (): URL => new URL('graphql', document.baseURI);

interface Reply<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, never> }[];
  /** Of problem+json, from what refuses before GraphQL reads. */
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly hint?: string;
}

/** Throws ProblemError: with what the service said, or that it is unreachable. */
export async function ask<Result, Variables>(query: Document<Result, Variables>, variables: Variables, signal?: AbortSignal): Promise<Result> {
  const bearer = token.get();
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const request: RequestInit = { method: 'POST', headers, body: JSON.stringify({ query, variables }), ...(signal && { signal }) };
  const response = await fetch(endpoint(), request).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ProblemError(unreachable);
  });
  const reply = (await response.json().catch(() => ({}))) as Reply<Result>;
  const [error] = reply.errors ?? [];
  if (error) throw new ProblemError(fromWire(error));
  if (reply.data != null) return reply.data;
  throw new ProblemError({
    code: reply.code ?? (response.status === 401 ? 'UNAUTHENTICATED' : response.status === 403 ? 'FORBIDDEN' : 'INTERNAL'),
    message: reply.detail ?? reply.title ?? `The service answered with status ${response.status}.`,
    hint: reply.hint ?? '',
    candidates: [],
  });
}
