/** Which snapshot a person means: an id, `latest`, `previous`, a label, or a time. */
import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';

const TIME = /^\d{4}-\d{2}-\d{2}/;

/**
 * `snapshots` is newest first. A label that several snapshots bear means the newest of them; a time means the newest at or
 * before it. Throws UserError UNKNOWN_SNAPSHOT.
 */
export function resolveReference(reference: string, snapshots: readonly SnapshotInfo[]): SnapshotInfo {
  const text = reference.trim();
  const found = byReference(text, snapshots);
  if (found) return found;
  const known = [...snapshots.flatMap(({ label }) => label ?? []), ...snapshots.map(({ id }) => String(id))];
  const hint =
    snapshots.length === 0
      ? 'There is no snapshot yet: take one with `netwhy snapshot`.'
      : 'Use an id, a label, a time as 2026-01-31T12:00:00Z, `latest` or `previous`; `netwhy snapshots` lists them.';
  throw new UserError(
    'UNKNOWN_SNAPSHOT',
    `There is no snapshot ${JSON.stringify(reference)}.`,
    hint,
    [...new Set([...nearest(text, known), ...known])].slice(0, 5),
  );
}

function byReference(text: string, snapshots: readonly SnapshotInfo[]): SnapshotInfo | undefined {
  if (text === 'latest') return snapshots[0];
  if (text === 'previous') return snapshots[1];
  const labelled = snapshots.find((snapshot) => snapshot.label === text);
  if (labelled) return labelled;
  if (/^\d+$/.test(text)) return snapshots.find((snapshot) => snapshot.id === Number(text));
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : snapshots.find((snapshot) => Date.parse(snapshot.takenAt) <= time);
}
