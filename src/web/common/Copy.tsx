import { useState } from 'react';
import './copy.css';

/** Text and a button that copies it. */
export function Copy({ text, note }: { readonly text: string; readonly note?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="copy">
      {note && <span className="small muted">{note}</span>}
      <pre>{text}</pre>
      {/* Only a secure context, as loopback is, has a clipboard. */}
      {navigator.clipboard && (
        <button type="button" onClick={copy} aria-label={`Copy: ${text}`}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  );
}
