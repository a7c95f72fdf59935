/** Intents as YAML: a list of sentences, or a mapping that has one under `intents`. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { UserError } from '../model/errors.ts';
import type { Intent } from '../model/intent.ts';
import { parseIntent } from './parse.ts';

const HINT = 'Write a list, one intent an entry: - web must reach db:5432';
const MAX_INTENTS = 1000;

/** An intent and where it stands, for example `intents.yaml:3`. */
export type Written = readonly [where: string, text: string];

/** Throws UserError BAD_INTENT with file and line. */
export const readIntents = (file: string, text: string): readonly Intent[] => parseAll(readWritten(file, text));

/** Not parsed yet. Throws UserError BAD_INTENT with file and line. */
export function readWritten(file: string, text: string): readonly Written[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => (offset === undefined ? file : `${file}:${lines.linePos(offset).line}`);
  const [broken] = document.errors;
  if (broken) throw new UserError('BAD_INTENT', `${at(broken.pos[0])}: not valid YAML: ${broken.message}`, HINT);
  const root = document.contents;
  const list = isMap(root) ? root.get('intents', true) : root;
  if (!isSeq(list)) throw new UserError('BAD_INTENT', `${at(root?.range?.[0])}: expected a list of intents.`, HINT);
  return list.items.map((item): Written => {
    const where = at((item as { range?: [number, number, number] } | null)?.range?.[0]);
    if (!isScalar(item) || typeof item.value !== 'string') throw new UserError('BAD_INTENT', `${where}: expected an intent as one text.`, HINT);
    return [where, item.value];
  });
}

/** Throws UserError BAD_INTENT. */
export function parseAll(written: readonly Written[]): readonly Intent[] {
  const [first] = written;
  if (written.length > MAX_INTENTS)
    throw new UserError('BAD_INTENT', `${first?.[0]}: more than ${MAX_INTENTS} intents.`, 'Use sets of containers in fewer intents.');
  const places = new Map<string, string>();
  return written.map(([where, text]) => {
    const intent = parseIntent(text, where);
    const before = places.get(intent.text);
    if (before !== undefined)
      throw new UserError('BAD_INTENT', `${where}: ${JSON.stringify(intent.text)} stands at ${before} already.`, 'Write each intent once.');
    places.set(intent.text, where);
    return intent;
  });
}
