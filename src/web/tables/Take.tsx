import { useState } from 'react';
import { copyText } from '../common/clipboard.ts';
import type { AnyRow, AnyTable } from './table.ts';
import { csv, download, tsv } from './text.ts';

interface Props {
  readonly table: AnyTable;
  readonly rows: readonly AnyRow[];
  readonly at: string | null;
}

/** The rows that are shown, on all pages, for another program. */
export function Take({ table, rows, at }: Props) {
  const [said, setSaid] = useState('');
  const count = `${rows.length.toLocaleString()} ${rows.length === 1 ? 'row' : 'rows'}`;
  return (
    <div className="row">
      <span role="status" className="small muted">
        {said}
      </span>
      <button
        type="button"
        disabled={rows.length === 0}
        title={`Copy ${count}, with tabs between`}
        onClick={async () => setSaid((await copyText(tsv(table, rows))) ? `${count} copied` : 'The browser does not let copy')}
      >
        Copy
      </button>
      <button
        type="button"
        disabled={rows.length === 0}
        title={`Save ${count} as a file`}
        onClick={() => download(`netwhy-${table.name}-${(at ?? 'now').replace(/[^\w.-]+/g, '_')}.csv`, csv(table, rows))}
      >
        CSV
      </button>
    </div>
  );
}
