import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';

/** Returns what was deleted. Throws UserError UNKNOWN_SNAPSHOT, and BAD_ARGUMENT for a pinned one. */
export async function deleteSnapshot(context: Context, input: { readonly id: string }): Promise<SnapshotInfo> {
  const store = await context.store();
  const snapshot = await store.resolve(input.id);
  if (snapshot.pinned)
    throw new UserError('BAD_ARGUMENT', `Snapshot ${snapshot.id} is pinned: it is kept for ever.`, `Unpin it first: netwhy unpin ${snapshot.id}.`);
  await store.delete([snapshot.id]);
  context.estates.forget(snapshot.id);
  return snapshot;
}
