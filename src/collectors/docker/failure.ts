/** An engine that does not answer, in words that say what to do. */
import { messageOf } from '../fact.ts';

/** An address may carry a password: `tcp://user:secret@host`. */
export const shown = (endpoint: string): string => endpoint.replace(/(:\/\/[^/@]*?):[^/@]*@/, '$1:***@');

interface Failure {
  readonly code?: string;
  readonly statusCode?: number;
  readonly errors?: readonly unknown[];
}

export function explain(endpoint: string, error: unknown): string {
  const failure = (typeof error === 'object' && error !== null ? error : {}) as Failure;
  const first = failure.errors?.[0]; // several addresses tried: AggregateError
  const code = failure.code ?? (first as Failure | undefined)?.code;
  const where = `Docker at ${shown(endpoint)}`;
  const other = 'set `docker:` in the configuration (unix:///path, tcp://host:port, ssh://user@host, or none) or DOCKER_HOST';
  if (failure.statusCode === 401 || failure.statusCode === 403) return `${where} refused permission (HTTP ${failure.statusCode}): ${messageOf(error)}`;
  if (failure.statusCode !== undefined) return `${where} answered HTTP ${failure.statusCode}: ${messageOf(error)}`;
  switch (code) {
    case 'ENOENT':
      return `no ${where}: there is no such socket. Start Docker, or ${other}`;
    case 'ECONNREFUSED':
      return `no ${where}: nothing listens there. Start Docker, or ${other}`;
    case 'EACCES':
    case 'EPERM':
      return `${where}: permission denied. Join the group that owns the socket (docker), or run as root`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}: the name does not resolve. Check it, or ${other}`;
    case 'ETIMEDOUT':
    case 'ECONNRESET':
      return `${where}: no answer in time (${messageOf(error)})`;
    default:
      return `${where}: ${messageOf(error)}`;
  }
}
