/** Opens the database: migrations first, then the client over @prisma/client that Prisma generates for it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../generated/sqlite/client.ts';
import { UserError } from '../model/errors.ts';
import type { Telemetry } from '../model/telemetry.ts';
import { storeFailure } from './failure.ts';
import { migrate } from './migrate.ts';
import { isLastingReadOnly, unchangingUrl } from './read-only.ts';
import { type DatabaseUrl, type Provider, parseDatabaseUrl } from './url.ts';

/** The SQLite client's type stands for both: what PostgreSQL's can do beyond it is not used. `shown` is its URL without a password. */
export type Database = PrismaClient & { readonly provider: Provider; readonly shown: string };
/** A database, or a transaction of one. */
export type Session = Pick<
  PrismaClient,
  'snapshot' | 'segment' | 'sectionHash' | 'host' | 'entity' | 'intentState' | 'notice' | 'delivery' | 'scheduleRun' | 'apiToken' | '$executeRaw' | '$queryRaw'
>;

/** Milliseconds that a writer waits for another, and that a server has for accepting a connection. */
const WAIT = 10_000;

export async function adapter(database: DatabaseUrl): Promise<SqlMigrationAwareDriverAdapterFactory> {
  if (database.provider === 'sqlite') {
    const { PrismaLibSql } = await import('@prisma/adapter-libsql');
    // Without a time-out SQLite's busy handler is off and a second writer fails at once.
    return new PrismaLibSql({ url: isLastingReadOnly(database.file) ? unchangingUrl(database.file) : database.url, timeout: WAIT });
  }
  const { PrismaPg } = await import('@prisma/adapter-pg');
  return new PrismaPg({ connectionString: database.url, connectionTimeoutMillis: WAIT });
}

/** `file:PATH` or `postgresql://...`. Throws UserError STORE_FAILED when it cannot be opened, STORE_TOO_NEW, and BAD_CONFIG for another URL. */
export async function openDatabase(url: string, telemetry?: Telemetry): Promise<Database> {
  const database = parseDatabaseUrl(url);
  try {
    if (database.provider === 'sqlite') mkdirSync(path.dirname(database.file), { recursive: true });
    const factory = await adapter(database);
    await migrate(database.provider, factory, database.shown);
    const client = observed(await connect(database, factory), database.shown, telemetry);
    return Object.assign(client, { provider: database.provider, shown: database.shown });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new UserError(
      'STORE_FAILED',
      `Cannot open the snapshot database ${database.shown}: ${reason}`,
      database.provider === 'sqlite'
        ? 'Check the path, its permissions and the free space; set DATABASE_URL to use another file.'
        : 'Check that the server runs, that the database exists, and the name and password in DATABASE_URL.',
    );
  }
}

async function connect({ provider }: DatabaseUrl, factory: SqlMigrationAwareDriverAdapterFactory): Promise<PrismaClient> {
  if (provider === 'postgresql') {
    const { PrismaClient } = await import('../generated/postgresql/client.ts');
    return new PrismaClient({ adapter: factory }) as unknown as PrismaClient;
  }
  const { PrismaClient } = await import('../generated/sqlite/client.ts');
  const client = new PrismaClient({ adapter: factory });
  // Readers go on while a snapshot is written; kept in the file. https://www.sqlite.org/wal.html
  await client.$queryRawUnsafe('PRAGMA journal_mode=WAL');
  return client;
}

/** Every query is a span, and its failure is in words. */
const observed = (client: PrismaClient, shown: string, telemetry: Telemetry | undefined) =>
  client.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) => {
        const ask = () =>
          query(args).catch((error: unknown) => {
            throw storeFailure(error, shown);
          });
        return telemetry ? telemetry.during(`store ${model ? `${model}.` : ''}${operation}`, {}, ask) : ask();
      },
    },
  }) as unknown as PrismaClient;
