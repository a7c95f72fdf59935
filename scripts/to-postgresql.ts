/** The same tables for PostgreSQL: provider and output differ, nothing else. */
export const toPostgresql = (schema: string) =>
  `// Made from prisma/schema.prisma by scripts/postgresql-schema.ts: change it there.\n${schema}`
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    .replace('"../src/generated/sqlite"', '"../../src/generated/postgresql"');
