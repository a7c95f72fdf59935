import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { diffSchemas } from '../../scripts/schema-diff.ts';
import { toPostgresql } from '../../scripts/to-postgresql.ts';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onEachDatabase, sql } from '../support/databases.ts';

const schemaOf = (folder: string) => readFileSync(`${folder}/schema.prisma`, 'utf8');

describe('the schema', () => {
  test('for PostgreSQL is the one for SQLite', () => {
    expect(schemaOf('prisma/postgresql')).toBe(toPostgresql(schemaOf('prisma')));
  });

  test.each([
    ['sqlite', 'prisma'],
    ['postgresql', 'prisma/postgresql'],
  ] as const)('of %s has its migrations', async (provider, folder) => {
    expect(await diffSchemas(provider, readFileSync(`${folder}/migrations/last.prisma`, 'utf8'), schemaOf(folder))).toBe('');
  });
});

/** Every column and index, but for those of the migrations' own table. */
const CATALOG = {
  sqlite: `SELECT t.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, NULL AS definition
      FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\\_%' ESCAPE '\\'
    UNION ALL SELECT tbl_name, name, NULL, NULL, NULL, NULL, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1, 2`,
  postgresql: `SELECT table_name::text AS "table", column_name::text AS name, data_type::text AS type, is_nullable::text, column_default::text AS definition
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%'
    UNION ALL SELECT tablename::text, indexname::text, NULL, NULL, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'
    UNION ALL SELECT conrelid::regclass::text, conname::text, NULL, NULL, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%\\_prisma%' ORDER BY 1, 2`,
};

await onEachDatabase((fresh) => {
  test('migrations lead to the schema', async () => {
    const [migrated, made] = [await fresh(), await fresh()];
    await (await SnapshotStore.open(migrated)).close();
    const provider = migrated.startsWith('file:') ? 'sqlite' : 'postgresql';
    const script = await diffSchemas(provider, null, schemaOf(provider === 'sqlite' ? 'prisma' : 'prisma/postgresql'));
    for (const statement of script.split(/;$/m).filter((text) => text.trim() !== '')) await sql(made, statement);
    const catalog = await Promise.all([migrated, made].map((url) => sql(url, CATALOG[provider])));
    expect(catalog[0]!.length).toBeGreaterThan(30);
    expect(catalog[0]).toEqual(catalog[1]);
  });

  test('a database of a newer version is refused and left as it is', async () => {
    const url = await fresh();
    await (await SnapshotStore.open(url)).close();
    await sql(url, `UPDATE "_prisma_migrations" SET "migration_name" = '29990101000000_future'`);
    const before = await sql(url, 'SELECT * FROM "_prisma_migrations"');
    const opening = SnapshotStore.open(url);
    await expect(opening).rejects.toMatchObject({ code: 'STORE_TOO_NEW', message: expect.stringContaining('29990101000000_future') });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    expect(await sql(url, 'SELECT * FROM "_prisma_migrations"')).toEqual(before);
  });

  test('several processes may open a new database at once', async () => {
    const url = await fresh();
    const stores = await Promise.all([1, 2, 3].map(() => SnapshotStore.open(url)));
    expect(await stores[2]!.list()).toEqual([]);
    for (const store of stores) await store.close();
  });
});
