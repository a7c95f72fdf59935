/** Tables as text for other programs. */
import type { AnyRow, AnyTable, Value } from './table.ts';

const plain = (value: Value): string => (value === null ? '' : String(value));

/** A tab or a line end would begin another cell. */
export const tsvRow = (values: readonly Value[]): string => values.map((value) => plain(value).replace(/[\t\r\n]+/g, ' ')).join('\t');

/** RFC 4180. A spreadsheet takes text that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const csvCell = (value: Value): string => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : plain(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const lines = (table: AnyTable, rows: readonly AnyRow[]): (readonly Value[])[] => [
  table.columns.map(({ title }) => title),
  ...rows.map((row) => table.columns.map(({ value }) => value(row))),
];

export const csv = (table: AnyTable, rows: readonly AnyRow[]): string =>
  lines(table, rows)
    .map((values) => `${values.map(csvCell).join(',')}\r\n`)
    .join('');

export const tsv = (table: AnyTable, rows: readonly AnyRow[]): string => lines(table, rows).map(tsvRow).join('\n');

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
