import { parseAll, readWritten, type Written } from '../intents/read.ts';

/** The intents that a YAML file holds, each with its place. Throws UserError BAD_INTENT with file and line. */
export function intentsIn(file: string, text: string): readonly Written[] {
  const written = readWritten(file, text);
  parseAll(written);
  return written;
}
