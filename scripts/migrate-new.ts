/** npm run migrate:new -- NAME: writes a migration for each provider, from its last committed schema to the present one, with no database. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import './postgresql-schema.ts';
import { diffSchemas } from './schema-diff.ts';

const name = (process.argv[2] ?? 'change').replace(/\W+/g, '_');
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);

for (const [provider, folder] of [
  ['sqlite', 'prisma'],
  ['postgresql', 'prisma/postgresql'],
] as const) {
  const migrations = `${folder}/migrations`;
  /** The schema as of the newest migration; Prisma ignores plain files here. */
  const last = `${migrations}/last.prisma`;
  const now = readFileSync(`${folder}/schema.prisma`, 'utf8');
  const sql = await diffSchemas(provider, existsSync(last) ? readFileSync(last, 'utf8') : null, now);
  if (sql === '') {
    console.log(`${provider}: no change`);
    continue;
  }
  mkdirSync(`${migrations}/${stamp}_${name}`, { recursive: true });
  writeFileSync(`${migrations}/${stamp}_${name}/migration.sql`, sql);
  writeFileSync(`${migrations}/migration_lock.toml`, `provider = "${provider}"\n`);
  writeFileSync(last, now);
  console.log(`${migrations}/${stamp}_${name}/migration.sql`);
}
