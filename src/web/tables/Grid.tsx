import { type KeyboardEvent, useRef, useState } from 'react';
import { printable } from '../../util/printable.ts';
import { copyText } from '../common/clipboard.ts';
import { Empty } from '../common/State.tsx';
import { formatRoute, setParams, useRoute } from '../use/route.ts';
import type { All } from './all.ts';
import type { Sort } from './arrange.ts';
import { Pager } from './Pager.tsx';
import type { AnyRow, AnyTable } from './table.ts';
import { tsvRow } from './text.ts';

/** Rows that are drawn at once. */
const SHOWN = 100;

interface Props {
  readonly table: AnyTable;
  readonly rows: readonly AnyRow[];
  readonly all: All;
  readonly sort: Sort | null;
}

const MOVES: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};

const clamp = (value: number, last: number) => Math.max(0, Math.min(last, value));

/** One stop for Tab; arrows go from cell to cell: https://www.w3.org/WAI/ARIA/apg/patterns/grid/ */
export function Grid({ table, rows, all, sort }: Props) {
  const { params } = useRoute();
  const [page, setPage] = useState(0);
  const [said, setSaid] = useState('');
  const body = useRef<HTMLTableSectionElement>(null);
  const last = Math.max(0, Math.ceil(rows.length / SHOWN) - 1);
  const first = Math.min(page, last) * SHOWN;
  const shown = rows.slice(first, first + SHOWN);

  const copy = async (row: AnyRow, column: number | null) => {
    const values = table.columns.map(({ value }) => value(row));
    const text = column === null ? tsvRow(values) : String(values[column] ?? '');
    const copied = await copyText(text);
    setSaid(!copied ? 'The browser does not let copy' : column === null ? 'The row is copied' : 'The cell is copied');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = (event.target as HTMLElement).closest('td');
    const line = cell?.closest('tr');
    if (!cell || !line || event.target !== cell) return;
    const [r, c] = [line.sectionRowIndex, cell.cellIndex];
    const move = MOVES[event.key];
    if (move) {
      const lines = body.current?.rows;
      const next = lines?.[clamp(r + move[0], lines.length - 1)];
      next?.cells[clamp(c + move[1], next.cells.length - 1)]?.focus();
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === 'c' && c < table.columns.length) copy(shown[r]!, c);
    else if (event.key === 'r') copy(shown[r]!, null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (rows.length === 0 && all.state === 'ready') {
    const narrowed = all.rows.length > 0 || table.filters.some(({ name }) => params[name]);
    return (
      <Empty title={narrowed ? 'Nothing fits' : table.none}>
        {narrowed ? 'Take a word or a filter away.' : all.gaps.length > 0 ? 'None that could be read: see above.' : 'All that this table tells of was read.'}
      </Empty>
    );
  }
  return (
    <>
      <div className="scroll">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern allows it, and cells keep their headings. */}
        <table aria-label={table.title} role="grid" aria-rowcount={rows.length} aria-busy={all.state === 'loading'} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              {table.columns.map(({ title }, i) => (
                <Heading key={title} title={title} sorted={sort?.column === i ? sort.down : null} />
              ))}
              <th scope="col">
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row, r) => (
              <tr key={row.id}>
                {table.columns.map(({ title, value, mono, count, tone }, c) => {
                  const cell = value(row);
                  const toned = tone?.(row);
                  return (
                    <td
                      key={title}
                      tabIndex={r === 0 && c === 0 ? 0 : -1}
                      className={`${mono ? 'mono' : ''} ${typeof cell === 'number' ? 'number' : ''} ${typeof cell === 'string' && cell.length > 40 ? 'long' : ''}`}
                    >
                      {toned ? (
                        <span className={`tone ${toned}`}>{cell}</span>
                      ) : count && typeof cell === 'number' ? (
                        cell.toLocaleString()
                      ) : (
                        printable(String(cell ?? ''))
                      )}
                    </td>
                  );
                })}
                <td tabIndex={-1} className="actions">
                  <button type="button" className="plain small" onClick={() => copy(row, null)}>
                    Copy<span className="unseen"> row {r + 1 + first}</span>
                  </button>
                  <Links table={table} row={row} at={params.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager count={rows.length} size={SHOWN} first={first} all={all} go={setPage} said={said} />
    </>
  );
}

function Links({ table, row, at }: { readonly table: AnyTable; readonly row: AnyRow; readonly at: string | undefined }) {
  const question = table.why?.(row);
  const place = table.map?.(row);
  return (
    <>
      {question && (
        <a className="small" href={formatRoute('why', { ...question, at })}>
          Why<span className="unseen"> reach {question.to}</span>
        </a>
      )}
      {place && (
        <a className="small" href={formatRoute('map', { sel: place, at })}>
          Map<span className="unseen"> of {place}</span>
        </a>
      )}
    </>
  );
}

/** First press: upwards; then downwards; then as it came. `sorted`: downwards or not; null: by another column. */
function Heading({ title, sorted }: { readonly title: string; readonly sorted: boolean | null }) {
  const next = sorted === null ? title : sorted ? null : `-${title}`;
  return (
    <th scope="col" aria-sort={sorted === null ? undefined : sorted ? 'descending' : 'ascending'}>
      <button type="button" className="plain" onClick={() => setParams({ sort: next }, { replace: true })}>
        {title} <span aria-hidden="true">{sorted === null ? '' : sorted ? '↓' : '↑'}</span>
      </button>
    </th>
  );
}
