import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Allowance } from './allowance.ts';
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

const known = new WeakMap<Allowance, Promise<ReadonlyMap<number, SnapshotInfo>>>();

/** Null when there is none of this id. Who asks for many in one request reads the database once. */
export async function findSnapshot(context: Context, id: number): Promise<SnapshotInfo | null> {
  if (!context.allowance) return (await context.store()).find(id);
  const all = known.get(context.allowance) ?? byId(context);
  known.set(context.allowance, all);
  return (await all).get(id) ?? null;
}

const byId = async (context: Context) => new Map((await (await context.store()).list()).map((snapshot) => [snapshot.id, snapshot]));
