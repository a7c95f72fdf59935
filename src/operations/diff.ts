import { diffModels } from '../diff/index.ts';
import { headline, summary } from '../diff/words.ts';
import { CHANGE_KINDS, type Change, type ChangeKind, type Diff } from '../model/change.ts';
import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';
import { type LastKnown, withLastKnown } from './last-known.ts';

export interface DiffInput {
  readonly from?: string | null;
  readonly to?: string | null;
  /** Of CHANGE_KINDS; null: all. */
  readonly kinds?: readonly string[] | null;
  readonly host?: string | null;
  readonly container?: string | null;
}

export interface DiffResult extends Diff {
  /** Null: live. */
  readonly from: SnapshotInfo | null;
  readonly to: SnapshotInfo | null;
  /** Hosts that could not be read in `from`, and could in `to`: compared with their last known state. */
  readonly lastKnown: readonly LastKnown[];
}

/**
 * Two snapshot references, or `live`; the last two snapshots when none is given, `from` and the latest when one is.
 * Throws UserError UNKNOWN_SNAPSHOT, and BAD_ARGUMENT when `from` is later than `to` or a kind is none.
 */
export async function diff(context: Context, input: DiffInput): Promise<DiffResult> {
  const kinds = parseKinds(input.kinds ?? null);
  const [before, after] = await context.estates.changed(input.from ?? 'previous', input.to ?? 'latest');
  const [from, to] = [before.snapshot, after.snapshot];
  assertOrder(from, to);
  const [known, lastKnown] = await withLastKnown(context, before, after);
  return { from, to, lastKnown, ...only(diffModels(known.model, after.model), kinds, input) };
}

/** Null: live, which is later than any snapshot. Throws UserError BAD_ARGUMENT. */
export function assertOrder(from: SnapshotInfo | null, to: SnapshotInfo | null): void {
  if (!to || (from && from.id <= to.id)) return;
  throw new UserError('BAD_ARGUMENT', `${from ? `snapshot ${from.id}` : 'live'} is later than snapshot ${to.id}.`, 'Give the earlier one first.');
}

function parseKinds(names: readonly string[] | null): ReadonlySet<ChangeKind> | null {
  return (
    names &&
    new Set(
      names.map((name) => {
        const kind = CHANGE_KINDS.find((known) => known === name);
        if (kind) return kind;
        throw new UserError(
          'BAD_ARGUMENT',
          `There is no kind of change called ${name}.`,
          `Use one of ${CHANGE_KINDS.join(', ')}.`,
          nearest(name, CHANGE_KINDS),
        );
      }),
    )
  );
}

/** Groups keep what is left of them. */
function only(diff: Diff, kinds: ReadonlySet<ChangeKind> | null, { host, container }: DiffInput): Diff {
  if (!kinds && !host && !container) return diff;
  const wanted = kinds ?? new Set(CHANGE_KINDS);
  const owned = new Set(diff.groups.flatMap(({ kind, name, members }) => (kind === 'container' && name === container ? members : [])));
  const kept = (change: Change, i: number) => wanted.has(change.kind) && (!host || change.host === host) && (!container || owned.has(i));
  const places = new Map(diff.changes.flatMap((change, i) => (kept(change, i) ? [i] : [])).map((old, young) => [old, young]));
  const changes = diff.changes.filter((_, i) => places.has(i));
  const groups = diff.groups
    .map((group) => ({ ...group, members: group.members.flatMap((i) => places.get(i) ?? []) }))
    .filter(({ members }) => members.length > 0);
  const incomparable = diff.incomparable.filter((entry) => wanted.has(entry.kind) && (!host || entry.host === host));
  return { summary: headline(groups, summary(changes, incomparable)), changes, groups, incomparable };
}
