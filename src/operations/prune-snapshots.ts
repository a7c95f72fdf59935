import type { Pruned } from '../model/retention.ts';
import { expired } from '../snapshots/thin.ts';
import type { Context } from './context.ts';

/** Milliseconds for which delivered notices and runs of schedules are kept. */
const RECORDS = 30 * 86_400_000;

interface Input {
  /** Say what would be deleted, and delete nothing. */
  readonly dryRun?: boolean | null;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Deletes what the configuration's `retention` no longer keeps, and with it old delivered notices and runs of schedules; nothing where it has none. Throws UserError STORE_FAILED. */
export async function pruneSnapshots(context: Context, { dryRun, onProgress }: Input = {}): Promise<Pruned> {
  const store = await context.store();
  const snapshots = await store.list();
  const retention = context.retention ?? null;
  const routine = new Set(context.schedules.flatMap(({ label }) => label ?? []));
  const old = retention ? expired(snapshots, retention, Date.now(), routine) : [];
  if (dryRun) return { dryRun: true, deleted: old, kept: snapshots.length - old.length, retention };
  const deleted = await store.delete(old, (done) => onProgress?.(done, old.length));
  for (const id of deleted) context.estates.forget(id);
  if (retention) await store.forgetRecords(Date.now() - RECORDS);
  return { dryRun: false, deleted, kept: snapshots.length - deleted.length, retention };
}
