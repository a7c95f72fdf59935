/** A SQLite file on a read-only disk: in write-ahead mode SQLite wants to write beside it even to read. https://www.sqlite.org/wal.html#readonly */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** Nobody can change it, and nothing of it stands in its write-ahead log. */
export function isLastingReadOnly(file: string): boolean {
  if (!existsSync(file) || isWritable(path.dirname(file))) return false;
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0 && !existsSync(`${file}-shm`);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The driver takes a path of `file:...` for SQLite's own kind of URL. https://www.sqlite.org/uri.html */
export function unchangingUrl(file: string): string {
  const uri = `file:${file.split(path.sep).map(encodeURIComponent).join('/')}?immutable=1`;
  return `file:${encodeURIComponent(uri)}`;
}
