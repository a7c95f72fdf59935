import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { type Page, type PageInput, paginate } from './page.ts';

/** Newest first. Throws UserError BAD_CURSOR. */
export async function listSnapshots(context: Context, input: PageInput): Promise<Page<SnapshotInfo>> {
  const store = await context.store();
  return paginate(await store.list(), (snapshot) => String(snapshot.id), input);
}

/** Throws UserError UNKNOWN_SNAPSHOT. */
export async function getSnapshot(context: Context, reference: string): Promise<SnapshotInfo> {
  return (await context.store()).resolve(reference);
}

/** Null when there is none of this id. */
export async function findSnapshot(context: Context, id: number): Promise<SnapshotInfo | null> {
  return (await context.store()).find(id);
}
