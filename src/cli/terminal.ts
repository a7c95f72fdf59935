/** What the output can do. */
import { styleText } from 'node:util';
import { columnsOf } from './width.ts';

export interface Terminal {
  /** Columns; lines of text are wrapped to it. */
  readonly width: number;
  /** Whether tables must fit it: a pipe gets all of every value. */
  readonly fits: boolean;
  readonly colour: boolean;
}

type Format = Parameters<typeof styleText>[0];

/** NO_COLOR: https://no-color.org. A pipe gets no colour. */
export function terminalOf(stream: { readonly isTTY?: boolean; readonly columns?: number }, env: NodeJS.ProcessEnv = process.env): Terminal {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== '';
  const colour = !env.NO_COLOR && env.TERM !== 'dumb' && (forced || stream.isTTY === true);
  const columns = stream.columns ?? Number(env.COLUMNS);
  const known = Number.isInteger(columns) && columns >= 40;
  return { width: known ? columns : stream.isTTY ? 80 : 120, fits: known || stream.isTTY === true, colour };
}

/** `text` must be escaped already. */
export const paint = (terminal: Terminal, format: Format, text: string) =>
  terminal.colour ? styleText(format, text, { validateStream: false } as object) : text;

/** Words of `text` in lines of `width`; a word that is longer is cut. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const room = Math.max(20, width - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => part.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [])) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(indent + line);
  return lines;
}
