import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';

/** A pinned snapshot is kept for ever. Throws UserError UNKNOWN_SNAPSHOT. */
export async function pinSnapshot(context: Context, input: { readonly id: string; readonly pinned: boolean }): Promise<SnapshotInfo> {
  const store = await context.store();
  const snapshot = await store.resolve(input.id);
  return store.pin(snapshot.id, input.pinned);
}
