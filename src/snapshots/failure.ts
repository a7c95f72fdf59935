/** What a database says when it cannot do its work, in words; anything else is a bug of ours. */
import { UserError } from '../model/errors.ts';

interface Driver {
  /** Prisma's word for it; `sqlite` and `postgres` where it has none. */
  readonly kind?: string;
  readonly code?: string;
  readonly message: string;
}

type Failure = 'read-only' | 'full' | 'busy' | 'damaged' | 'unreachable';

/** https://www.sqlite.org/rescode.html */
const SQLITE: Readonly<Record<string, Failure>> = {
  READONLY: 'read-only',
  PERM: 'read-only',
  FULL: 'full',
  BUSY: 'busy',
  LOCKED: 'busy',
  CORRUPT: 'damaged',
  NOTADB: 'damaged',
  CANTOPEN: 'unreachable',
  IOERR: 'unreachable',
};

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const POSTGRESQL: readonly (readonly [RegExp, Failure])[] = [
  [/^(25006|42501)$/, 'read-only'],
  [/^53/, 'full'],
  [/^(57014|55P03)$/, 'busy'],
  [/^XX00[12]$/, 'damaged'],
  [/^(08|28|57P|58)/, 'unreachable'],
];

const KINDS: Readonly<Record<string, Failure>> = {
  DatabaseNotReachable: 'unreachable',
  DatabaseDoesNotExist: 'unreachable',
  DatabaseAccessDenied: 'unreachable',
  AuthenticationFailed: 'unreachable',
  ConnectionClosed: 'unreachable',
  TlsConnectionError: 'unreachable',
  TooManyConnections: 'busy',
  SocketTimeout: 'busy',
  TransactionWriteConflict: 'busy',
};

const WORDS: Readonly<Record<Failure, readonly [what: string, hint: string]>> = {
  'read-only': ['cannot be written to: it is read-only', 'Reading goes on. Make it writable, or set DATABASE_URL to another database.'],
  full: ['has no space left; nothing of what was to be written was', 'Free some space on its disk; `netwhy db prune` deletes old snapshots.'],
  busy: ['is kept busy by another process', 'Try again in a moment.'],
  damaged: ['is damaged', 'Look with `netwhy db check`, and restore it from a backup.'],
  unreachable: ['cannot be reached', 'Check that it runs or is there, and its permissions; then try again.'],
};

/** UserError STORE_FAILED for what the surroundings of the database did; `shown` names it. */
export function storeFailure(error: unknown, shown: string): unknown {
  if (error instanceof UserError) return error;
  const driver = driverOf(error);
  const failure = driver && failureOf(driver);
  if (!failure) return error;
  const [what, hint] = WORDS[failure];
  return new UserError('STORE_FAILED', `The snapshot database ${shown} ${what} (${driver.message.trim().split('\n').at(-1)}).`, hint);
}

function failureOf({ kind, code, message }: Driver): Failure | null {
  const [, sqlite] = /^SQLITE_([A-Z]+)/.exec(message) ?? [];
  if (sqlite !== undefined) return SQLITE[sqlite] ?? null;
  if (kind === 'postgres') return POSTGRESQL.find(([pattern]) => pattern.test(code ?? ''))?.[1] ?? null;
  // What the driver says when the connection breaks has neither code nor kind.
  return (
    KINDS[kind ?? ''] ??
    (/^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(message) ? 'unreachable' : null)
  );
}

/** Prisma wraps what the driver threw, in more than one way. */
function driverOf(error: unknown): Driver | null {
  if (!(error instanceof Error)) return null;
  const { meta, cause, code } = error as Error & { meta?: { driverAdapterError?: unknown }; cause?: unknown; code?: string };
  if (meta?.driverAdapterError) return driverOf(meta.driverAdapterError);
  if (error.name === 'DriverAdapterError' && typeof cause === 'object' && cause !== null) {
    const { kind, originalCode, originalMessage } = cause as { kind?: string; originalCode?: string; originalMessage?: string };
    return { ...(kind && { kind }), ...(originalCode && { code: originalCode }), message: originalMessage ?? error.message };
  }
  if (code === 'P2028') return { kind: 'SocketTimeout', message: error.message };
  return { message: error.message };
}
