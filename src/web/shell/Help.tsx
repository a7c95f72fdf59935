import { useEffect, useRef } from 'react';

const KEYS = [
  ['/', 'to the search field'],
  ['m  w  t  b', 'Map, Why, Time, Tables'],
  ['↑ ↓ Enter', 'in a field that completes: choose'],
  ['Esc', 'close what is open'],
  ['?', 'this help'],
] as const;

export function Help({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="help" onClose={close} aria-labelledby="help-title">
      <div className="stack">
        <h2 id="help-title">Keys and names</h2>
        <dl className="keys">
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p>
          Ends of a question are a container (<code>web</code>), a compose service (<code>shop/web</code>), a host (<code>host:h1</code>), an address (
          <code>10.0.0.7</code>) or <code>internet</code>; the target may have a port and protocol: <code>db:5432</code>, <code>dns:53/udp</code>.
        </p>
        <p className="small muted">
          The address of the page is its state: send it to a colleague. The same answers are at <a href="api/v1/openapi.json">REST</a>, in the{' '}
          <a href="explorer">GraphQL explorer</a> and on the command line.
        </p>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </dialog>
  );
}
