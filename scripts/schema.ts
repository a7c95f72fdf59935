/** npm run schema:check: refuses what would break those who ask by schema.graphql; npm run schema:accept: takes the schema as it is now. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { readSdl } from '../src/resolvers/sdl.ts';
import { schemaChanges } from './schema-changes.ts';

const FILE = 'schema.graphql';
const now = `${printSchema(lexicographicSortSchema(makeExecutableSchema({ typeDefs: readSdl() })))}\n`;

if (process.argv.includes('accept') || !existsSync(FILE)) {
  writeFileSync(FILE, now);
  console.log(`${FILE} is the schema as it is now.`);
} else {
  const { breaking, other } = await schemaChanges(readFileSync(FILE, 'utf8'), now);
  for (const message of other) console.log(`  ${message}`);
  for (const message of breaking) console.error(`! ${message}`);
  const say = breaking.length > 0 ? console.error : console.log;
  say(`${breaking.length} changes break those who ask by ${FILE}; ${other.length} do not. \`npm run schema:accept\` takes them.`);
  process.exitCode = breaking.length > 0 ? 1 : 0;
}
