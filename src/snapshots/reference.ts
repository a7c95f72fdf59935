/** Which snapshot a person means: an id, `latest`, `previous`, a label, or a time, which may be counted from now. */
import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';

const TIME = /^\d{4}-\d{2}-\d{2}/;
const AGO = /^(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)\s+ago$/i;
const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/**
 * `snapshots` is newest first. A label that several snapshots bear means the newest of them; a time means the newest at or
 * before it; `yesterday` is 24 hours ago. `now`: milliseconds since 1970. Throws UserError UNKNOWN_SNAPSHOT.
 */
export function resolveReference(reference: string, snapshots: readonly SnapshotInfo[], now: number): SnapshotInfo {
  const text = reference.trim();
  const found = byReference(text, snapshots, now);
  if (found) return found;
  const oldest = snapshots.at(-1);
  if (oldest && timeOf(text, now) !== null) {
    const message = `No snapshot is as old as ${JSON.stringify(reference)}: the oldest is ${oldest.id} of ${oldest.takenAt}.`;
    throw new UserError('UNKNOWN_SNAPSHOT', message, `Use ${oldest.id}, or a later time.`, [
      ...(oldest.label === null ? [] : [oldest.label]),
      String(oldest.id),
    ]);
  }
  const known = [...snapshots.flatMap(({ label }) => label ?? []), ...snapshots.map(({ id }) => String(id))];
  const hint =
    snapshots.length === 0
      ? 'There is no snapshot yet: take one with `netwhy snapshot`.'
      : 'Use an id, a label, a time as 2026-01-31T12:00:00Z, `1h ago`, `yesterday`, `latest` or `previous`; `netwhy snapshots` lists them.';
  throw new UserError(
    'UNKNOWN_SNAPSHOT',
    `There is no snapshot ${JSON.stringify(reference)}.`,
    hint,
    [...new Set([...nearest(text, known), ...known])].slice(0, 5),
  );
}

function byReference(text: string, snapshots: readonly SnapshotInfo[], now: number): SnapshotInfo | undefined {
  if (text === 'latest') return snapshots[0];
  if (text === 'previous') return snapshots[1];
  const labelled = snapshots.find((snapshot) => snapshot.label === text);
  if (labelled) return labelled;
  if (/^\d+$/.test(text)) return snapshots.find((snapshot) => snapshot.id === Number(text));
  const time = timeOf(text, now);
  return time === null ? undefined : snapshots.find((snapshot) => Date.parse(snapshot.takenAt) <= time);
}

/** Milliseconds since 1970; null when it is no time. */
function timeOf(text: string, now: number): number | null {
  if (text.toLowerCase() === 'yesterday') return now - UNITS.d;
  const [, count, unit] = AGO.exec(text) ?? [];
  if (unit) return now - Number(count) * UNITS[unit[0]!.toLowerCase() as keyof typeof UNITS];
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
