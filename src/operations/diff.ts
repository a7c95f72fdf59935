import { diffModels } from '../diff/index.ts';
import type { Diff } from '../model/change.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';

export interface DiffResult extends Diff {
  /** Null: live. */
  readonly from: SnapshotInfo | null;
  readonly to: SnapshotInfo | null;
}

/** Two snapshot references, or `live`; the last two snapshots when none is given, `from` and the latest when one is. */
export async function diff(context: Context, input: { readonly from?: string | null; readonly to?: string | null }): Promise<DiffResult> {
  const [before, after] = await context.estates.changed(input.from ?? 'previous', input.to ?? 'latest');
  return { from: before.snapshot, to: after.snapshot, ...diffModels(before.model, after.model) };
}
