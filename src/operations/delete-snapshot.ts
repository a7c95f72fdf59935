import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';

/** Returns what was deleted. Throws UserError UNKNOWN_SNAPSHOT. */
export async function deleteSnapshot(context: Context, input: { readonly id: string }): Promise<SnapshotInfo> {
  const store = await context.store();
  const snapshot = await store.resolve(input.id);
  await store.delete([snapshot.id]);
  context.estates.forget(snapshot.id);
  return snapshot;
}
