import { readFileSync } from 'node:fs';
import { UserError } from '../model/errors.ts';

/** From a file or the environment: what stands on the command line, every process of the machine can read. */
export function readToken(file: string | undefined): string | null {
  if (file === undefined) return process.env.NETWHY_TOKEN?.trim() || null;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UserError('BAD_ARGUMENT', `Cannot read the token file ${file}: ${(error as NodeJS.ErrnoException).code}.`, 'Check --token-file.');
  }
}
