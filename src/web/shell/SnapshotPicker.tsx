import type { SnapshotFields } from '../../generated/page.ts';
import { exactTime } from '../common/time.ts';
import { setParams, useRoute } from '../use/route.ts';

const nameOf = ({ id, label, takenAt }: SnapshotFields) => `${label ?? `#${id}`} · ${exactTime(takenAt)}`;

/** The moment that the page shows: now, or that of a snapshot. */
export function SnapshotPicker({ snapshots }: { readonly snapshots: readonly SnapshotFields[] }) {
  const { at } = useRoute().params;
  const known = at === undefined || snapshots.some(({ id }) => id === at);
  return (
    <label className="picker">
      <span className="unseen">Moment</span>
      <select value={at ?? ''} onChange={(event) => setParams({ at: event.target.value || null })}>
        <option value="">now</option>
        {!known && <option value={at}>{at}</option>}
        {snapshots.map((snapshot) => (
          <option key={snapshot.id} value={snapshot.id}>
            {nameOf(snapshot)}
          </option>
        ))}
      </select>
    </label>
  );
}
