import type { All } from './all.ts';

interface Props {
  readonly count: number;
  readonly size: number;
  /** Place of the first row that is drawn. */
  readonly first: number;
  readonly all: All;
  readonly go: (page: number) => void;
  /** What was done last. */
  readonly said: string;
}

export function Pager({ count, size, first, all, go, said }: Props) {
  const page = first / size;
  const number = (value: number) => value.toLocaleString();
  const loaded = all.rows.length < all.totalCount;
  return (
    <div className="row small pager">
      <span className="muted" role="status">
        {number(first + 1)}–{number(Math.min(count, first + size))} of {number(count)}
        {count < all.rows.length && ` that fit, of ${number(all.rows.length)}`}
        {loaded &&
          (all.state === 'loading' ? `, ${number(all.totalCount)} are being loaded` : `, the first of ${number(all.totalCount)}: filter to see others`)}
        {said && ` · ${said}`}
      </span>
      <span className="spacer" />
      {count > size && (
        <>
          <button type="button" disabled={page === 0} onClick={() => go(page - 1)}>
            ‹ Back
          </button>
          <button type="button" disabled={first + size >= count} onClick={() => go(page + 1)}>
            Next ›
          </button>
        </>
      )}
      <span className="muted keys-hint">
        In a cell: <kbd>c</kbd> copies it, <kbd>r</kbd> its row
      </span>
    </div>
  );
}
