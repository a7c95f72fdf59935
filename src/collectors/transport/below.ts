/**
 * Paths below a root that is not ours, /proc/PID/root. What lies there may belong to a hostile container: an absolute
 * symlink must lead to its root, not to ours, so every component is opened by itself and no symlink is followed by the kernel.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, statfs } from 'node:fs/promises';

/** open(2); the same number on every architecture that Node runs on. Node does not export it. */
const O_PATH = 0o10000000;
const PROC_SUPER_MAGIC = 0x9fa0;
const MAX_LINKS = 40;

interface Found {
  readonly handle: FileHandle;
  /** The path with its symlinks resolved, root included. */
  readonly path: string;
}

const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

async function walk(root: string, path: string): Promise<Found> {
  const handles = [await open(root, O_PATH | constants.O_DIRECTORY)];
  const names: string[] = [];
  const up = async (to: number): Promise<void> => {
    for (const handle of handles.splice(to)) await handle.close();
    names.length = to - 1;
  };
  try {
    const todo = path.split('/');
    for (let links = 0; todo.length > 0; ) {
      const part = todo.shift();
      if (!part || part === '.') continue;
      if (part === '..') {
        await up(Math.max(1, handles.length - 1));
        continue;
      }
      const here = `/proc/self/fd/${handles.at(-1)?.fd}/${part}`;
      const target = await readlink(here).catch((error) => {
        if (errno(error) === 'EINVAL') return null; // not a symlink, readlink(2)
        throw error;
      });
      if (target === null) {
        handles.push(await open(here, O_PATH | constants.O_NOFOLLOW));
        names.push(part);
        continue;
      }
      links++;
      if (links > MAX_LINKS) throw Object.assign(new Error(`too many symlinks: ${path}`), { code: 'ELOOP' });
      if (target.startsWith('/')) await up(1);
      todo.unshift(...target.split('/'));
    }
    const handle = handles.pop();
    if (!handle) throw new Error('no root');
    return { handle, path: `${root === '/' ? '' : root}/${names.join('/')}` };
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** Path of something below the root, without symlinks; null when it is not there. */
export async function resolveBelow(root: string, path: string): Promise<string | null> {
  try {
    const found = await walk(root, path);
    await found.handle.close();
    return found.path;
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** Text of a regular file of at most `limit` bytes; null when it is not there. Throws when it is anything else. */
export async function readBelow(root: string, path: string, limit: number): Promise<string | null> {
  let found: Found;
  try {
    found = await walk(root, path);
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return null;
    throw error;
  }
  try {
    const same = `/proc/self/fd/${found.handle.fd}`;
    const { size } = await found.handle.stat().then((stat) => {
      if (!stat.isFile()) throw new Error('not a regular file');
      return stat;
    });
    // With the host's /proc inside the container a symlink could lead to our own environment.
    if ((await statfs(same)).type === PROC_SUPER_MAGIC) throw new Error('not a regular file');
    if (size > limit) throw new Error(`larger than ${limit} bytes`);
    const file = await open(same, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(limit + 1), 0, limit + 1, 0);
      if (bytesRead > limit) throw new Error(`larger than ${limit} bytes`);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } finally {
    await found.handle.close();
  }
}
