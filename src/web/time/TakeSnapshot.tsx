import { type FormEvent, useState } from 'react';
import { Failed } from '../common/State.tsx';
import { takeSnapshot } from '../queries/shell.ts';
import { useAction } from '../use/action.ts';

/** The subscription brings what was taken; how far the hosts are read stands in the header. */
export function TakeSnapshot({ taken }: { readonly taken: () => void }) {
  const [label, setLabel] = useState('');
  const [said, setSaid] = useState('');
  const action = useAction(takeSnapshot);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSaid('');
    const done = await action.run({ label: label.trim() || null });
    if (!done) return;
    setLabel('');
    setSaid(`Snapshot ${done.takeSnapshot.id} is taken.`);
    taken();
  };
  return (
    <>
      <form className="row take" onSubmit={submit} aria-label="Take a snapshot">
        <label>
          <span className="unseen">Label of the new snapshot</span>
          <input value={label} maxLength={200} placeholder="Label, if it needs one" onChange={(event) => setLabel(event.target.value)} />
        </label>
        <button type="submit" className="primary" disabled={action.busy}>
          {action.busy ? 'Reading the hosts…' : 'Take a snapshot'}
        </button>
        <span role="status" className="small muted">
          {action.busy && <progress aria-label="Reading the hosts" />} {said}
        </span>
      </form>
      {action.problem && <Failed problem={action.problem} />}
    </>
  );
}
