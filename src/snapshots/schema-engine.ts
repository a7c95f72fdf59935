/** Prisma's own schema engine as WebAssembly: makes and applies migrations with no native binary and no download. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Engine from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
let loaded: Promise<typeof Engine> | undefined;

/** One instance a process: the generated glue keeps state in its module, a second instance would corrupt it. */
async function load(): Promise<typeof Engine> {
  const glueFile = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = (await import(pathToFileURL(glueFile).href)) as typeof Engine;
  (globalThis as Record<string, unknown>).PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message: string) => process.stderr.write(`${message}\n`) };
  const imports: Record<string, unknown> = { ...glue };
  // Timers that the engine never clears must not keep the process alive.
  for (const name of Object.keys(imports)) {
    if (name.startsWith('__wbg_setTimeout')) imports[name] = (run: () => void, ms: number) => setTimeout(run, ms >>> 0).unref();
  }
  const bytes = await readFile(path.join(path.dirname(glueFile), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue;
}

/** The engine holds SQLite in EXCLUSIVE locking mode on its connection: always `close`. */
export async function openEngine(factory: SqlMigrationAwareDriverAdapterFactory, schema: string) {
  loaded ??= load();
  const glue = await loaded;
  const open: SqlDriverAdapter[] = [];
  const track = async (connecting: Promise<SqlDriverAdapter>) => {
    const connection = await connecting;
    open.push(connection);
    if (connection.provider === 'postgres') sendScriptsWhole(connection);
    return connection;
  };
  const bound = bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => track(factory.connect()),
    connectToShadowDb: () => track(factory.connectToShadowDb()),
  });
  const engine = await glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, bound);
  const close = async () => {
    engine.free();
    for (const connection of open) await connection.dispose();
  };
  return { engine, close };
}

/** The adapter cuts scripts at every ';', even inside of a literal or a function. */
function sendScriptsWhole(connection: SqlDriverAdapter): void {
  const { underlyingDriver } = connection as unknown as { underlyingDriver(): { query(script: string): Promise<unknown> } };
  connection.executeScript = async (script) => void (await underlyingDriver.call(connection).query(script));
}

export const noFilters: Engine.SchemaFilter = { externalTables: [], externalEnums: [] };

export async function readMigrations(baseDir: string): Promise<Engine.MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const read = async (name: string) => ({
    path: name,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: await readFile(path.join(baseDir, name, 'migration.sql'), 'utf8') },
    },
  });
  return {
    baseDir,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: await readFile(path.join(baseDir, 'migration_lock.toml'), 'utf8') },
    migrationDirectories: await Promise.all(names.map(read)),
  };
}
