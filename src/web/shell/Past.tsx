import { printable } from '../../util/printable.ts';
import { ago, exactTime } from '../common/time.ts';
import { oneSnapshot } from '../queries/shell.ts';
import { useQuery } from '../use/query.ts';
import { setParams } from '../use/route.ts';

/** `at`: whatever names a snapshot. */
export function Past({ at }: { readonly at: string }) {
  const asked = useQuery(oneSnapshot, { id: at });
  const snapshot = asked.data?.snapshot;
  return (
    <aside className="past row" aria-label="Moment">
      <span>
        {asked.state === 'failed' ? (
          asked.problem.message
        ) : (
          <>
            You look at the past: <strong>{snapshot ? exactTime(snapshot.takenAt) : `snapshot ${at}`}</strong>
            {snapshot && `, ${ago(snapshot.takenAt)}, snapshot ${snapshot.id}${snapshot.label === null ? '' : ` “${printable(snapshot.label)}”`}`}
          </>
        )}
      </span>
      <button type="button" onClick={() => setParams({ at: null })}>
        Back to now
      </button>
    </aside>
  );
}
