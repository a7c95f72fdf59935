import { useState } from 'react';
import { printable } from '../../util/printable.ts';
import { State } from '../common/State.tsx';
import { exactTime } from '../common/time.ts';
import { sinceWhen } from '../queries/why.ts';
import { useQuery } from '../use/query.ts';
import { formatRoute } from '../use/route.ts';

interface Props {
  readonly from: string;
  readonly to: string;
  readonly at: string | undefined;
}

/** Looks through the snapshots when asked: it may take a while. */
export function Since(props: Props) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Found {...props} />;
  return (
    <p>
      <button type="button" onClick={() => setWanted(true)}>
        Since when is it so?
      </button>
    </p>
  );
}

function Found({ from, to, at }: Props) {
  const asked = useQuery(sinceWhen, { from, to, ...(at !== undefined && { at }) });
  return (
    <State asked={asked} loading="Looking through the snapshots…">
      {({ reachability: { since } }) => (
        <section className="card stack">
          <h2>Since when</h2>
          <p>{since ? printable(since.text) : 'The snapshots say nothing of it.'}</p>
          {since && since.changes.length > 0 && (
            <>
              <p className="small muted">
                {since.proved
                  ? 'Undoing these changes alone turns the answer back: it was tried.'
                  : 'These changed at that time; that they did it is not proved.'}
              </p>
              <ul className="bullets">
                {since.changes.map(({ kind, host, key, text }) => (
                  <li key={kind + host + key}>
                    {printable(text)} <span className="small muted">on {host}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {since?.lastOther && (
            <p className="small">
              <a href={formatRoute('time', { from: since.lastOther.id, to: since.first?.id })}>
                All that changed between {exactTime(since.lastOther.takenAt)} and {since.first ? exactTime(since.first.takenAt) : 'now'}
              </a>
            </p>
          )}
          {since && !since.certain && <p className="small warn">It may have turned to and fro in between: not every snapshot was asked.</p>}
        </section>
      )}
    </State>
  );
}
