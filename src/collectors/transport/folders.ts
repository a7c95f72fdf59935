/** Named network namespaces: files of nsfs in a folder, ip-netns(8). */
import { readdir, stat, statfs } from 'node:fs/promises';
import { resolveBelow } from './below.ts';

const NSFS_MAGIC = 0x6e736673;

export interface NamedFile {
  readonly inode: string;
  readonly name: string;
  readonly path: string;
}

async function namedFile(path: string, name: string): Promise<NamedFile | null> {
  try {
    if ((await statfs(path)).type !== NSFS_MAGIC) return null;
    return { inode: String((await stat(path)).ino), name, path };
  } catch {
    return null; // removed meanwhile
  }
}

/** Every nsfs file of the folder below the root; none when the folder is not there. Throws when it may not be read. */
export async function namedFiles(root: string, folder: string): Promise<NamedFile[]> {
  const path = await resolveBelow(root, folder);
  if (path === null) return [];
  const names = await readdir(path);
  const files = await Promise.all(names.map((name) => namedFile(`${path}/${name}`, name)));
  return files.filter((file) => file !== null);
}
