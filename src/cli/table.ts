import { printable, shorten } from '../util/printable.ts';
import { paint, type Terminal } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string | number | null;
  readonly right?: boolean;
}

/** Columns as wide as their widest value; on a screen the widest give way until the line fits. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], terminal: Terminal): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(shorten(String(value(row) ?? '-'), 500))));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((line) => [...line[i]!].length)));
  const room = terminal.width - 2 * (columns.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (terminal.fits && excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 8) break;
    widths[widest]!--;
    excess--;
  }
  const pad = (text: string, i: number) => {
    const short = shorten(text, widths[i]!);
    const space = ' '.repeat(Math.max(0, widths[i]! - [...short].length));
    return columns[i]!.right ? space + short : i === columns.length - 1 ? short : short + space;
  };
  const head = columns.map(({ title }, i) => pad(title, i)).join('  ');
  return [paint(terminal, 'bold', head), ...cells.map((line) => line.map(pad).join('  ').trimEnd())];
}
