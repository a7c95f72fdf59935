import { printable } from '../../util/printable.ts';
import { ago } from '../common/time.ts';
import { unreadHosts } from '../queries/tables.ts';
import { useQuery } from '../use/query.ts';
import { setParams } from '../use/route.ts';
import type { Gap } from './table.ts';

/** What is missing in the table: a short table must not look like a whole one. */
export function Gaps({ gaps, at }: { readonly gaps: readonly Gap[]; readonly at: string | null }) {
  const hosts = [...new Set(gaps.map(({ host }) => host))];
  const unread = useQuery(unreadHosts, gaps.length > 0 ? { at } : null);
  const known = new Map(unread.data?.hosts.nodes.map(({ name, lastKnown }) => [name, lastKnown]));
  if (gaps.length === 0) return null;
  return (
    <details className="notice" open={gaps.length <= 3}>
      <summary>
        Something could not be read and may be missing here: {gaps.length === 1 ? 'one fact' : `${gaps.length} facts`} of{' '}
        {printable(hosts.slice(0, 3).join(', '))}
        {hosts.length > 3 && ` and ${hosts.length - 3} more`}
      </summary>
      <ul>
        {hosts.map((host) => {
          const last = known.get(host);
          return (
            <li key={host}>
              {gaps
                .filter((gap) => gap.host === host)
                .map(({ netns, source, reason }) => (
                  <p key={`${netns} ${source} ${reason}`}>
                    <strong>{printable(host)}</strong> <span className="mono small">{printable(source)}</span> {printable(reason)}
                  </p>
                ))}
              {last && (
                <p>
                  Nothing of {printable(host)} could be read.{' '}
                  {last.snapshot ? (
                    <button type="button" onClick={() => setParams({ at: last.snapshot?.id })}>
                      Last known: snapshot {last.snapshot.id}, {ago(last.snapshot.takenAt)}
                    </button>
                  ) : (
                    last.reason
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
