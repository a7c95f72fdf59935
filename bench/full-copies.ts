/** The peer of the store: a row for every line of every host in every snapshot, five thousand a statement. */
import { statSync } from 'node:fs';
import type { EstateFacts } from '../src/model/facts.ts';
import { adapter } from '../src/snapshots/database.ts';
import { parseDatabaseUrl } from '../src/snapshots/url.ts';

const ROWS = 5000;

export class FullCopies {
  readonly #file: string;
  readonly #connection;

  private constructor(file: string, connection: Awaited<ReturnType<typeof FullCopies.connect>>) {
    this.#file = file;
    this.#connection = connection;
  }

  static async connect(file: string) {
    return (await adapter(parseDatabaseUrl(`file:${file}`))).connect();
  }

  static async open(file: string): Promise<FullCopies> {
    const connection = await FullCopies.connect(file);
    await connection.executeScript(`PRAGMA journal_mode=WAL; CREATE TABLE "Line" ("snapshot" INTEGER, "host" TEXT, "source" TEXT, "n" INTEGER, "text" TEXT,
      PRIMARY KEY ("snapshot", "host", "source", "n")) WITHOUT ROWID;`);
    return new FullCopies(file, connection);
  }

  async take(snapshot: number, facts: EstateFacts): Promise<void> {
    const values: (string | number)[][] = [];
    for (const { host, facts: own } of facts)
      for (const { source, data } of own) for (const [n, text] of data.split('\n').entries()) values.push([snapshot, host, source, n, text]);
    const transaction = await this.#connection.startTransaction();
    for (let start = 0; start < values.length; start += ROWS) {
      const json = JSON.stringify(values.slice(start, start + ROWS));
      await transaction.executeRaw({
        sql: `INSERT INTO "Line" SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`,
        args: [json],
        argTypes: [{ scalarType: 'string', arity: 'scalar' }],
      });
    }
    await transaction.commit();
  }

  async read(snapshot: number): Promise<number> {
    const sql = 'SELECT "host", "source", "text" FROM "Line" WHERE "snapshot" = ? ORDER BY "host", "source", "n"';
    return (await this.#query(sql, [snapshot])).length;
  }

  /** Lines that only one of two snapshots has. */
  async diff(before: number, after: number): Promise<number> {
    const one = 'SELECT "host", "source", "text" FROM "Line" WHERE "snapshot" = ?';
    const sides = [await this.#query(`${one} EXCEPT ${one}`, [before, after]), await this.#query(`${one} EXCEPT ${one}`, [after, before])];
    return sides[0]!.length + sides[1]!.length;
  }

  /** Octets on the disk. */
  async size(): Promise<number> {
    await this.#query('PRAGMA wal_checkpoint(TRUNCATE)', []);
    return statSync(this.#file).size;
  }

  close = () => this.#connection.dispose();

  async #query(sql: string, args: number[]) {
    return (await this.#connection.queryRaw({ sql, args, argTypes: args.map(() => ({ scalarType: 'int', arity: 'scalar' })) })).rows;
  }
}
