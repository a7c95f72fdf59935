/** Which rows are shown, and in which order. */
import type { AnyRow, AnyTable, Value } from './table.ts';

/** `-Packets` sorts downwards. */
export interface Sort {
  readonly column: number;
  readonly down: boolean;
}

export function parseSort(table: AnyTable, text: string | undefined): Sort | null {
  const down = text?.startsWith('-') ?? false;
  const column = table.columns.findIndex(({ title }) => title === (down ? text?.slice(1) : text));
  return column < 0 ? null : { column, down };
}

/** Numbers in a text count as numbers: 10.0.0.9 stands before 10.0.0.10. */
const { compare } = new Intl.Collator(undefined, { numeric: true });

const order = (a: Value, b: Value): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b));
};

/** Rows that have every word somewhere. Cells without a value stay at the end. */
export function arrange(table: AnyTable, rows: readonly AnyRow[], text: string, sort: Sort | null): readonly AnyRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    words.length === 0
      ? rows
      : rows.filter((row) => {
          const all = table.columns
            .map(({ value }) => value(row) ?? '')
            .join('\n')
            .toLowerCase();
          return words.every((word) => all.includes(word));
        });
  if (!sort) return found;
  const { value } = table.columns[sort.column]!;
  const keyed = found.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => (a.key === null || b.key === null ? order(a.key, b.key) : order(a.key, b.key) * (sort.down ? -1 : 1)));
  return keyed.map(({ row }) => row);
}
