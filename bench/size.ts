import { statSync } from 'node:fs';
import { openDatabase } from '../src/snapshots/database.ts';

/** Octets of a database, once what stands in its write-ahead log is moved into it. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
export async function sizeOf(file: string): Promise<number> {
  const database = await openDatabase(`file:${file}`);
  await database.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.$disconnect();
  return statSync(file).size;
}
