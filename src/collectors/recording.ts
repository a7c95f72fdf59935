/** Facts on disk, to be answered from later as from a live host. */
import { UserError } from '../model/errors.ts';
import type { EstateFacts } from '../model/facts.ts';
import { messageOf } from './fact.ts';
import { Damaged, fromFiles, INDEX, toFiles } from './recording-layout.ts';
import { archiveReader, folderReader, isFolder, writeAll } from './transport/recording-files.ts';

const ARCHIVE = /\.(tar\.gz|tgz)$/;

/** A folder, or one file where the path ends in .tar.gz or .tgz. Whole or not at all; throws UserError when it exists or cannot be written. */
export async function writeRecording(path: string, facts: EstateFacts): Promise<void> {
  let written: boolean;
  try {
    written = await writeAll(path.replace(/(?<=.)\/+$/, ''), toFiles(facts), ARCHIVE.test(path));
  } catch (error) {
    throw new UserError(
      'BAD_ARGUMENT',
      `cannot write the recording ${path}: ${messageOf(error)}`,
      'name a path in a folder that exists and that you may write to',
    );
  }
  if (!written) throw new UserError('BAD_ARGUMENT', `${path} exists`, 'name a path that does not exist yet: recordings are never overwritten');
}

/** Throws UserError BAD_RECORDING that names the file at fault. */
export async function readRecording(path: string): Promise<EstateFacts> {
  let folder: boolean;
  try {
    folder = await isFolder(path);
  } catch (error) {
    throw new UserError('BAD_RECORDING', `there is no recording at ${path}: ${messageOf(error)}`, 'name the folder or .tar.gz that `netwhy record` wrote');
  }
  try {
    return await fromFiles(folder ? await folderReader(path) : await archiveReader(path, INDEX));
  } catch (error) {
    const what = error instanceof Damaged ? `${error.file} ${error.message}` : messageOf(error);
    throw new UserError('BAD_RECORDING', `the recording ${path} is damaged: ${what}`, 'record again, or take another copy');
  }
}
