/** Gives the space of what was deleted back to the file system. */
import { adapter, type Database } from './database.ts';
import { parseDatabaseUrl } from './url.ts';
import { inTurn } from './write.ts';

/** On PostgreSQL the server itself makes it free for new rows: autovacuum. */
export async function giveBackSpace(database: Database): Promise<void> {
  if (database.provider === 'postgresql') return;
  await inTurn(database, async () => {
    const connection = await (await adapter(parseDatabaseUrl(database.shown))).connect();
    try {
      // As a script: a single statement is not carried on after its first page. https://www.sqlite.org/pragma.html#pragma_incremental_vacuum
      await connection.executeScript('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);');
    } finally {
      await connection.dispose();
    }
  });
}
