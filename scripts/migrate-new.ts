/** npm run migrate:new -- NAME: writes the migration from the last committed schema to the present one, with no database. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { diffSchemas } from '../src/snapshots/schema-engine.ts';

const name = (process.argv[2] ?? 'change').replace(/\W+/g, '_');
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const folder = 'prisma/migrations';
/** The schema as of the newest migration; Prisma ignores plain files here. */
const last = `${folder}/last.prisma`;

const now = readFileSync('prisma/schema.prisma', 'utf8');
const sql = await diffSchemas(existsSync(last) ? readFileSync(last, 'utf8') : null, now);
if (!sql) {
  console.log('no change');
} else {
  mkdirSync(`${folder}/${stamp}_${name}`, { recursive: true });
  writeFileSync(`${folder}/${stamp}_${name}/migration.sql`, sql);
  writeFileSync(`${folder}/migration_lock.toml`, 'provider = "sqlite"\n');
  writeFileSync(last, now);
  console.log(`${folder}/${stamp}_${name}/migration.sql`);
}
