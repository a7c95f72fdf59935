import { defineConfig } from 'prisma/config';

// Prisma's command line looks for a native engine before it runs anything; these commands never use it.
const command = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
if (['generate', 'validate', 'format', 'version'].includes(command ?? '')) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'file:./data/netwhy.db' },
});
