import { useDeferredValue } from 'react';
import type { MomentFields, TimelineStep } from '../../generated/page.ts';
import { Empty, State } from '../common/State.tsx';
import { exactTime } from '../common/time.ts';
import { taken } from '../queries/shell.ts';
import { timeline } from '../queries/time.ts';
import { useSubscription } from '../use/live.ts';
import { useQuery } from '../use/query.ts';
import { setParams, useRoute } from '../use/route.ts';
import { Changes } from './Changes.tsx';
import { Compared } from './Compared.tsx';
import { chosen, type Ends, latestChange } from './choose.ts';
import { Flows } from './Flows.tsx';
import { Intents } from './Intents.tsx';
import { Line } from './Line.tsx';
import { TakeSnapshot } from './TakeSnapshot.tsx';
import { plural, snapshotName } from './words.ts';
import '../common/parts.css';
import './time.css';

const STEPS: readonly (readonly [TimelineStep, string])[] = [
  ['SNAPSHOT', 'each snapshot'],
  ['HOUR', 'by hour'],
  ['DAY', 'by day'],
];
/** Moments that the line shows at once. */
const SHOWN = 200;

export default function TimeView() {
  const { params } = useRoute();
  const step = STEPS.find(([name]) => name === params.step)?.[0] ?? 'SNAPSHOT';
  const asked = useQuery(timeline, { step, until: params.until ?? null, first: SHOWN });
  useSubscription(taken, asked.again);
  return (
    <div className="time stack">
      <div className="row">
        <h1>Time</h1>
        <span className="spacer" />
        <TakeSnapshot taken={asked.again} />
      </div>
      <State asked={asked} loading="Reading the list of snapshots…">
        {({ timeline: { nodes, totalCount, pageInfo } }) =>
          nodes.length === 0 && params.until === undefined ? (
            <Empty title="There is no snapshot yet">
              Take one now and another later: then this page shows what changed between them. With <code>schedule</code> in the configuration they are taken by
              themselves.
            </Empty>
          ) : (
            <Moments moments={nodes} totalCount={totalCount} more={pageInfo.hasNextPage} step={step} again={asked.again} />
          )
        }
      </State>
    </div>
  );
}

interface Props {
  readonly moments: readonly MomentFields[];
  readonly totalCount: number;
  readonly more: boolean;
  readonly step: TimelineStep;
  readonly again: () => void;
}

/** From a given `to` alone, what it brought; from nothing, the last change. */
function endsOf(moments: readonly MomentFields[], { from, to }: Readonly<Record<string, string>>): Ends | null {
  if (to === undefined) return from === undefined ? latestChange(moments) : { from, to: 'latest' };
  return from === undefined ? chosen(moments, to, null, false) : { from, to };
}

function Moments({ moments, totalCount, more, step, again }: Props) {
  const { params } = useRoute();
  const ends = endsOf(moments, params);
  const compared = useDeferredValue(ends);
  const pick = (id: string, other: boolean) => setParams({ ...chosen(moments, id, ends, other) });
  const marked = moments.flatMap((moment) => moment.marked).slice(0, 12);
  return (
    <>
      <section className="card stack" aria-label="Line of snapshots">
        <div className="row">
          <Reach moments={moments} totalCount={totalCount} more={more} step={step} />
        </div>
        <Line moments={moments} ends={ends} at={params.at} pick={pick} />
        <p className="small muted">
          Choose a moment to see what it brought; with Shift, compare it with the one that is chosen. The higher a mark, the more changed.
        </p>
        {marked.length > 0 && (
          <ul className="marked small" aria-label="Named and pinned">
            {marked.map((snapshot) => (
              <li key={snapshot.id}>
                <button type="button" onClick={(event) => pick(snapshot.id, event.shiftKey)}>
                  ⚑ {snapshotName(snapshot)}
                </button>
              </li>
            ))}
          </ul>
        )}
        {ends && <Compared moments={moments} ends={ends} changed={again} />}
      </section>
      {compared?.from != null ? (
        <>
          <Changes from={compared.from} to={compared.to} />
          <Flows from={compared.from} to={compared.to} />
        </>
      ) : (
        <Empty title="Nothing to compare with yet">This is the first snapshot that is kept. Take another one to see what changed.</Empty>
      )}
      <Intents at={ends && ends.to !== 'live' ? ends.to : 'latest'} />
    </>
  );
}

function Reach({ moments, totalCount, more, step }: Omit<Props, 'again'>) {
  const { params } = useRoute();
  const [newest, oldest] = [moments[0]?.snapshot.takenAt, moments.at(-1)?.snapshot.takenAt];
  return (
    <>
      <span className="small muted">
        {plural(totalCount, step === 'SNAPSHOT' ? 'snapshot' : step === 'HOUR' ? 'hour' : 'day')}
        {oldest && newest && `, shown from ${exactTime(oldest)} to ${exactTime(newest)}`}
      </span>
      <span className="spacer" />
      <button type="button" disabled={!more} onClick={() => oldest && setParams({ until: before(oldest, step) })}>
        ‹ Older
      </button>
      <button type="button" disabled={params.until === undefined} onClick={() => setParams({ until: null })}>
        Newest ›
      </button>
      <label className="row small">
        Show
        <select value={step} onChange={(event) => setParams({ step: event.target.value === 'SNAPSHOT' ? null : event.target.value })}>
          {STEPS.map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** The last millisecond before the moment that this time is in. */
function before(time: string, step: TimelineStep): string {
  const start = step === 'SNAPSHOT' ? time : step === 'HOUR' ? `${time.slice(0, 13)}:00:00Z` : `${time.slice(0, 10)}T00:00:00Z`;
  return new Date(Date.parse(start) - 1).toISOString();
}
