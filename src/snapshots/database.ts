/** Opens the database: migrations first, then the client that Prisma generates over @prisma/client. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaClient } from '../generated/sqlite/client.ts';
import { UserError } from '../model/errors.ts';
import { noFilters, openEngine, readMigrations } from './schema-engine.ts';

export type Database = PrismaClient;
/** A database, or a transaction of one. */
export type Session = Pick<PrismaClient, 'snapshot' | 'segment' | 'sectionHash' | 'host' | 'entity' | '$executeRaw' | '$queryRaw'>;

const root = path.resolve(import.meta.dirname, '../..').replace(/[/\\]dist$/, '');
const folder = path.join(root, 'prisma');

/** Without a time-out SQLite's busy handler is off and a second writer fails at once. Milliseconds. */
export const adapter = (url: string) => new PrismaLibSql({ url, timeout: 10_000 });

async function migrate(url: string): Promise<void> {
  const { engine, close } = await openEngine(adapter(url), readFileSync(path.join(folder, 'schema.prisma'), 'utf8'));
  try {
    await engine.applyMigrations({ migrationsList: await readMigrations(path.join(folder, 'migrations')), filters: noFilters });
  } finally {
    await close();
  }
}

/** `url` is `file:PATH`. Throws UserError STORE_FAILED when it cannot be opened, BAD_CONFIG when it is no SQLite URL. */
export async function openDatabase(url: string): Promise<Database> {
  if (!url.startsWith('file:')) {
    throw new UserError(
      'BAD_CONFIG',
      `The database must be a SQLite file, not ${url.split(':')[0]}:.`,
      'Set DATABASE_URL or `database` to file:/path/to/netwhy.db.',
    );
  }
  try {
    mkdirSync(path.dirname(path.resolve(url.slice(5))), { recursive: true });
    await migrate(url);
    const client = new PrismaClient({ adapter: adapter(url) });
    // Readers go on while a snapshot is written; kept in the file. https://www.sqlite.org/wal.html
    await client.$queryRawUnsafe('PRAGMA journal_mode=WAL');
    return client;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new UserError(
      'STORE_FAILED',
      `Cannot open the snapshot database ${url}: ${reason}`,
      'Check the path, its permissions and the free space; set DATABASE_URL to use another file.',
    );
  }
}
