/** Brings a database to the tables that this version works with. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { UserError } from '../model/errors.ts';
import { noFilters, openEngine, readMigrations } from './schema-engine.ts';
import type { Provider } from './url.ts';

const root = path.resolve(import.meta.dirname, '../..').replace(/[/\\]dist$/, '');

/** Names of the migrations that a database has had; none where it is new. */
async function appliedTo(factory: SqlMigrationAwareDriverAdapterFactory): Promise<ReadonlySet<string>> {
  const connection = await factory.connect();
  const query = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows.map(([value]) => String(value));
  try {
    const tables =
      connection.provider === 'sqlite' ? `SELECT name FROM sqlite_master` : `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()`;
    const found = await query(tables);
    if (!found.includes('_prisma_migrations')) return new Set();
    return new Set(await query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL'));
  } finally {
    await connection.dispose();
  }
}

/** Has to be said before there is any table. https://www.sqlite.org/pragma.html#pragma_auto_vacuum */
async function letItShrink(factory: SqlMigrationAwareDriverAdapterFactory): Promise<void> {
  const connection = await factory.connect();
  try {
    await connection.executeScript('PRAGMA auto_vacuum = INCREMENTAL; VACUUM;');
  } finally {
    await connection.dispose();
  }
}

/** Throws UserError STORE_TOO_NEW when a newer version of netwhy has had the database. `shown` names the database. */
export async function migrate(provider: Provider, factory: SqlMigrationAwareDriverAdapterFactory, shown: string): Promise<void> {
  const folder = path.join(root, provider === 'sqlite' ? 'prisma' : 'prisma/postgresql');
  const migrationsList = await readMigrations(path.join(folder, 'migrations'));
  const known = migrationsList.migrationDirectories.map(({ path: name }) => name);
  const applied = await appliedTo(factory);
  const strange = [...applied].filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw new UserError(
      'STORE_TOO_NEW',
      `The snapshot database ${shown} was written by a newer netwhy (it has had the migration ${strange.at(-1)}).`,
      'Run that version of netwhy, or set DATABASE_URL to another database. Nothing was changed.',
    );
  }
  if (known.every((name) => applied.has(name))) return;
  if (provider === 'sqlite' && applied.size === 0) await letItShrink(factory);
  const { engine, close } = await openEngine(factory, await readFile(path.join(folder, 'schema.prisma'), 'utf8'));
  try {
    await engine.applyMigrations({ migrationsList, filters: noFilters });
  } finally {
    await close();
  }
}
