import { describeError } from '../operations/describe-error.ts';
import { show } from '../util/printable.ts';
import { type Terminal, wrap } from './terminal.ts';

export interface Output {
  readonly terminal: Terminal;
  print(lines: readonly string[]): void;
  printJson(value: unknown): void;
  /** Not part of the result: goes to standard error. */
  note(line: string): void;
}

export const EXIT = { ok: 0, unreachable: 1, unsure: 2, failed: 3 } as const;

export function printError(error: unknown, output: Output, json: boolean): void {
  const shown = describeError(error);
  if (json) output.printJson({ error: shown });
  const candidates = shown.candidates.length ? [`Nearest: ${shown.candidates.map((name) => show(name, 80)).join(', ')}`] : [];
  const lines = [`netwhy: ${show(shown.message, 1000)}`, show(shown.hint, 1000), ...candidates];
  for (const line of lines.flatMap((text) => wrap(text, output.terminal.width))) output.note(line);
  if (shown.code === 'INTERNAL') output.note(show(error instanceof Error ? (error.stack ?? error.message) : String(error), 4000).replaceAll('\\u{a}', '\n'));
}
