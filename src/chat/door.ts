/** What every chat's routes share. */
import type { FastifyRequest } from 'fastify';
import { UserError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import type { Page } from './words.ts';

export interface Door {
  /** What a request works with, before it is known who asks. */
  readonly contextOf: (request: FastifyRequest) => Context;
  readonly page: Page;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when so many milliseconds went by. */
  wait(ms: number): Promise<void>;
  /** Goes on after the request was answered; the service waits for it when it stops. */
  later(context: Context, work: Promise<void>): void;
}

/** The one who asks by a chat may read. */
export const asChatter = (context: Context, name: string): Context => ({ ...context, principal: { name: name.slice(0, 100), scopes: ['read'] } });

export const refused = (why: string) =>
  new UserError(
    'UNAUTHENTICATED',
    `The request is refused: ${why}.`,
    'Check the secret in the configuration of netwhy and of the chat, and the clock of this machine.',
  );

export const header = (request: FastifyRequest, name: string): string => String(request.headers[name] ?? '');

/** Throws UserError BAD_ARGUMENT. */
export function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new UserError('BAD_ARGUMENT', 'The body is not a JSON object.', 'Send what the chat sends.');
}

export const formOf = (body: Buffer): Record<string, string> => Object.fromEntries(new URLSearchParams(body.toString('utf8')));

/** What the request made of `work` in time; null: not yet. */
export const within = <T>(door: Door, work: Promise<T>, ms: number): Promise<T | null> => Promise.race([work, door.wait(ms).then(() => null)]);

/** Milliseconds that a chat has to take an answer that comes later. */
const TIMEOUT = 5000;

/** The address may be a credential: it is not told. */
export async function send(
  method: 'POST' | 'PATCH',
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const init = { method, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body), redirect: 'manual' } as const;
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) }).catch((error: Error) => {
    throw new Error(`a chat did not take an answer: ${(error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.name}`);
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`a chat did not take an answer: it answered ${response.status}`);
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
