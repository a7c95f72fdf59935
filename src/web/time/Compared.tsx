import { useState } from 'react';
import type { MomentFields, MomentSnapshot } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { Failed } from '../common/State.tsx';
import { ago, exactTime } from '../common/time.ts';
import { labelSnapshot, pinSnapshot } from '../queries/time.ts';
import { useAction } from '../use/action.ts';
import { setParams } from '../use/route.ts';
import type { Ends } from './choose.ts';

interface Props {
  readonly moments: readonly MomentFields[];
  readonly ends: Ends;
  readonly changed: () => void;
}

/** The two ends in words, to be chosen without the line too, and what can be done with the later. */
export function Compared({ moments, ends, changed }: Props) {
  const to = moments.flatMap(({ snapshot, marked }) => [snapshot, ...marked]).find(({ id }) => id === ends.to);
  return (
    <div className="stack">
      <div className="row ends">
        <End name="From" moments={moments} value={ends.from ?? ''} choose={(from) => setParams({ from, to: ends.to })} />
        <End name="To" moments={moments} value={ends.to} choose={(next) => setParams({ to: next, from: ends.from })} live />
        {to && (
          <button type="button" onClick={() => setParams({ at: to.id })}>
            See the whole page as of then
          </button>
        )}
      </div>
      {to && <Keep key={to.id} snapshot={to} changed={changed} />}
    </div>
  );
}

interface EndProps {
  readonly name: string;
  readonly moments: readonly MomentFields[];
  readonly value: string;
  readonly choose: (id: string) => void;
  readonly live?: boolean;
}

function End({ name, moments, value, choose, live }: EndProps) {
  const known = value === 'live' || moments.some(({ snapshot }) => snapshot.id === value);
  return (
    <label className="row">
      {name}
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {live && <option value="live">now</option>}
        {!known && <option value={value}>{value || 'nothing before it'}</option>}
        {moments.map(({ snapshot: { id, label, takenAt } }) => (
          <option key={id} value={id}>
            {exactTime(takenAt)} · {label === null ? `#${id}` : printable(label)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Keep({ snapshot, changed }: { readonly snapshot: MomentSnapshot; readonly changed: () => void }) {
  const [label, setLabel] = useState(snapshot.label ?? '');
  const name = useAction(labelSnapshot);
  const pin = useAction(pinSnapshot);
  const problem = name.problem ?? pin.problem;
  return (
    <>
      <form
        className="row small"
        aria-label={`Label and pin of snapshot ${snapshot.id}`}
        onSubmit={async (event) => {
          event.preventDefault();
          if (await name.run({ id: snapshot.id, label: label.trim() || null })) changed();
        }}
      >
        <span className="muted">
          Snapshot {snapshot.id}, taken {ago(snapshot.takenAt)}
        </span>
        <label className="row">
          Label <input value={label} maxLength={200} onChange={(event) => setLabel(event.target.value)} />
        </label>
        <button type="submit" disabled={name.busy || label.trim() === (snapshot.label ?? '')}>
          Save
        </button>
        <button
          type="button"
          aria-pressed={snapshot.pinned}
          disabled={pin.busy}
          title="A pinned snapshot is kept for ever"
          onClick={async () => {
            if (await pin.run({ id: snapshot.id, pinned: !snapshot.pinned })) changed();
          }}
        >
          {snapshot.pinned ? 'Pinned' : 'Pin'}
        </button>
      </form>
      {problem && <Failed problem={problem} />}
    </>
  );
}
