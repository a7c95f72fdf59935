import { useState } from 'react';
import type { IntentFields, IntentState } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { targetOf } from '../common/reference.ts';
import { State } from '../common/State.tsx';
import { intentsAt, intentValues } from '../queries/time.ts';
import { useQuery } from '../use/query.ts';
import { formatRoute, setParams } from '../use/route.ts';
import { plural } from './words.ts';

const STATES: Readonly<Record<IntentState, readonly [word: string, tone: string]>> = {
  HOLDS: ['holds', 'good'],
  BROKEN: ['broken', 'bad'],
  UNKNOWN: ['not known', 'unknown'],
};
const ORDER: readonly IntentState[] = ['BROKEN', 'UNKNOWN', 'HOLDS'];

/** What must hold, as it was found when a snapshot was taken. */
export function Intents({ at }: { readonly at: string }) {
  const asked = useQuery(intentsAt, { at });
  return (
    <section className="card stack" aria-labelledby="intents">
      <h2 id="intents">What must hold</h2>
      <State asked={asked} loading="Reading what was found…">
        {({ intents: { intents, snapshot } }) =>
          intents.length === 0 ? (
            <p className="muted">
              Nothing was checked for snapshot {snapshot.id}. Write <code>intents</code> into the configuration, for example <code>web must reach db:5432</code>
              .
            </p>
          ) : (
            <ul className="intents">
              {[...intents]
                .sort((a, b) => ORDER.indexOf(a.finding.state) - ORDER.indexOf(b.finding.state))
                .map((period) => (
                  <li key={period.finding.intent}>
                    <IntentOf period={period} at={snapshot.id} />
                  </li>
                ))}
            </ul>
          )
        }
      </State>
    </section>
  );
}

const Badge = ({ state }: { readonly state: IntentState }) => <span className={`badge ${STATES[state][1]}`}>{STATES[state][0]}</span>;

function IntentOf({ period, at }: { readonly period: IntentFields; readonly at: string }) {
  const [open, setOpen] = useState(false);
  const { intent, state, sentence, witness } = period.finding;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Badge state={state} /> <span className="title mono">{printable(intent)}</span> <span className="small muted">since snapshot {period.from}</span>
      </summary>
      <div className="stack">
        <p>{printable(sentence)}</p>
        {witness && (
          <a className="small" href={formatRoute('why', { from: witness.from, to: targetOf(witness), at })}>
            Why?
          </a>
        )}
        {open && <History intent={intent} />}
      </div>
    </details>
  );
}

function History({ intent }: { readonly intent: string }) {
  const asked = useQuery(intentValues, { intent });
  return (
    <State asked={asked} loading="Reading its history…">
      {({ intentHistory: { nodes, totalCount } }) => (
        <ol className="small history" aria-label="Its history, newest first">
          {nodes.map(({ from, to, finding }) => (
            <li key={from}>
              <Badge state={finding.state} />{' '}
              <button type="button" className="plain" onClick={() => setParams({ to: from, from: null })}>
                from snapshot {from}
              </button>{' '}
              {to === null ? 'until now' : `until ${to}`}
            </li>
          ))}
          {totalCount > nodes.length && <li className="muted">and {plural(totalCount - nodes.length, 'earlier one')}</li>}
        </ol>
      )}
    </State>
  );
}
