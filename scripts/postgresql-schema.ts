/** Writes prisma/postgresql/schema.prisma: the schema of prisma/schema.prisma for PostgreSQL. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toPostgresql } from './to-postgresql.ts';

mkdirSync('prisma/postgresql', { recursive: true });
writeFileSync('prisma/postgresql/schema.prisma', toPostgresql(readFileSync('prisma/schema.prisma', 'utf8')));
