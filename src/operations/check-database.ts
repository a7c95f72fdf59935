import type { DatabaseCheck } from '../model/snapshot.ts';
import type { CheckProgress } from '../snapshots/check.ts';
import type { Context } from './context.ts';

/** Reads all that is stored and compares it with its checksums. Throws UserError STORE_FAILED when it cannot be read at all. */
export async function checkDatabase(context: Context, onProgress?: CheckProgress): Promise<DatabaseCheck> {
  return (await context.store()).check(onProgress);
}
