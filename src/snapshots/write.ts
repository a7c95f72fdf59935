/** Writing: one writer at a time, and all of what it does or nothing. */
import type { Database, Session } from './database.ts';
import { storeFailure } from './failure.ts';

/** Milliseconds that a transaction may last, and that it may wait for a connection. */
const LIMITS = { timeout: 120_000, maxWait: 60_000 };
/** Any number that nobody else locks in this database. */
const LOCK = 5_730_111;

/**
 * The last write of this process to each database. They go one after the other: a second connection would wait for the lock inside SQLite,
 * on the thread that the first needs to let go of it. Other processes wait by SQLite's time-out, or for PostgreSQL's lock.
 */
const last = new Map<string, Promise<unknown>>();

/** After what this process writes to the database already. Rejects with UserError STORE_FAILED when it cannot be written to. */
export function inTurn<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const result = (last.get(database.shown) ?? Promise.resolve()).then(work).catch((error: unknown) => {
    throw storeFailure(error, database.shown);
  });
  last.set(
    database.shown,
    result.catch(() => undefined),
  );
  return result;
}

/** Nobody else writes meanwhile: what `work` reads stays true. */
export function write<T>(database: Database, work: (session: Session) => Promise<T>): Promise<T> {
  return inTurn(database, () =>
    database.$transaction(async (session) => {
      if (database.provider === 'postgresql') await session.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
      // A write, even of nothing, takes SQLite's lock; after a read it would be refused when others have written since.
      else await session.$executeRaw`DELETE FROM "Snapshot" WHERE "id" < 0`;
      return work(session);
    }, LIMITS),
  );
}

/** Resolves when this process no longer writes to the database. */
export async function written(database: Database): Promise<void> {
  await last.get(database.shown);
}
