/** What leads from one schema file to another, with no database. */
import { ColumnTypeEnum, type SqlDriverAdapter, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { noFilters, openEngine } from '../src/snapshots/schema-engine.ts';
import type { Provider } from '../src/snapshots/url.ts';

/** A connection that answers only when asked what it is: enough to compare two schema files. */
function stubFactory(provider: Provider): SqlMigrationAwareDriverAdapterFactory {
  const kind = { provider: provider === 'sqlite' ? 'sqlite' : 'postgres', adapterName: 'stub' } as const;
  const [columnNames, columnTypes, row] =
    provider === 'sqlite'
      ? [['version'], [ColumnTypeEnum.Text], ['3.45.1']]
      : [
          ['exists', 'version', 'numeric_version'],
          [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
          [true, 'PostgreSQL 17.0', 170000],
        ];
  const stub = {
    ...kind,
    executeRaw: async () => 0,
    executeScript: async () => {},
    dispose: async () => {},
    queryRaw: async () => ({ columnNames, columnTypes, rows: [row] }),
    startTransaction: async () => Promise.reject(new Error('a stub has no transactions')),
    getConnectionInfo: () => ({ supportsRelationJoins: false }),
  } as unknown as SqlDriverAdapter;
  return { ...kind, connect: async () => stub, connectToShadowDb: async () => stub };
}

/** SQL that leads from one schema file's text to another's; null starts from nothing, '' means equal. */
export async function diffSchemas(provider: Provider, from: string | null, to: string): Promise<string> {
  const { engine, close } = await openEngine(stubFactory(provider), to);
  try {
    const diff = await engine.diff({
      from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: from }] },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: to }] },
      script: true,
      exitCode: true,
      filters: noFilters,
    });
    return diff.exitCode === 2 ? (diff.stdout ?? '') : '';
  } finally {
    await close();
  }
}
