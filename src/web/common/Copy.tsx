import { useState } from 'react';
import { printable } from '../../util/printable.ts';
import './copy.css';

/** Text and a button that copies it. */
export function Copy({ text, note }: { readonly text: string; readonly note?: string }) {
  const [copied, setCopied] = useState(false);
  // What is not seen must not come into a shell.
  const shown = printable(text);
  const copy = async () => {
    await navigator.clipboard.writeText(shown);
    setCopied(true);
  };
  return (
    <div className="copy">
      {note && <span className="small muted">{note}</span>}
      <pre>{shown}</pre>
      {/* Only a secure context, as loopback is, has a clipboard. */}
      {navigator.clipboard && (
        <button type="button" onClick={copy} aria-label={`Copy: ${shown}`}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  );
}
