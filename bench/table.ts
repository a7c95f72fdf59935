/** Rows as text: the ratio first, then what was measured and what stands beside it. */
import type { Row } from './section.ts';

const three = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function amount(value: number, unit: Row['unit']): string {
  if (unit === 'bytes') return value < 1000 ? `${value.toFixed(0)} B` : `${three(value / 1000)} kB`;
  if (value < 1) return `${three(value * 1000)} µs`;
  return value < 10_000 ? `${three(value)} ms` : `${three(value / 1000)} s`;
}

export const ratioOf = ({ value, beside }: Row): number | null => (beside ? value / beside.value : null);

function cells(row: Row): string[] {
  const { what, unit, value, beside, bar, note } = row;
  const ratio = ratioOf(row);
  const compared = beside ? `${amount(beside.value, unit)}  ${beside.what}` : '';
  const target = bar === undefined ? '' : `bar ${amount(bar, unit)}, ${value <= bar ? 'held' : 'missed'}`;
  return [ratio === null ? '' : `${three(ratio)}x`, amount(value, unit), what, compared, [target, note].filter(Boolean).join('; ')];
}

export function table(rows: readonly Row[]): string {
  const head = ['ratio', 'measured', '', 'beside', ''];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const pad = (text: string, column: number) => (column < 2 ? text.padStart(widths[column]!) : text.padEnd(widths[column]!));
  return lines.map((line) => `  ${line.map(pad).join('  ')}`.trimEnd()).join('\n');
}
