/** Files of a recording on disk: a folder, or one .tar.gz. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import * as tar from 'tar';

const MAX_FILE = 256 * 1024 * 1024;
const MAX_WHOLE = 512 * 1024 * 1024;
const MAX_ENTRIES = 200_000;

const tooLarge = (what: string): Error => new Error(`${what} is larger than any recording`);

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  // The facts name addresses, rules and hosts: for the one who recorded them.
  await mkdir(folder, { mode: 0o700 });
  for (const parent of new Set([...files.keys()].map((file) => dirname(join(folder, file))))) await mkdir(parent, { recursive: true });
  for (const [file, text] of files) await writeFile(join(folder, file), text, { flag: 'wx' });
}

/** Writes beside the target and moves it there: whole or not at all. False when something stands there already. */
export async function writeAll(target: string, files: ReadonlyMap<string, string>, archive: boolean): Promise<boolean> {
  if (await exists(target)) return false;
  const beside = `${target}.partial-${randomBytes(6).toString('hex')}`;
  const packed = `${beside}.tar.gz`;
  try {
    await writeFolder(beside, files);
    if (!archive) {
      await rename(beside, target);
      return true;
    }
    await tar.create({ gzip: true, file: packed, cwd: beside, portable: true, mode: 0o600 }, [...files.keys()]);
    // Unlike rename(2), link(2) never replaces what came to stand there meanwhile.
    await link(packed, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  } finally {
    await rm(beside, { recursive: true, force: true });
    await rm(packed, { force: true });
  }
}

/** Files of a folder. What a symlink leads out of it is not read. */
export async function folderReader(folder: string): Promise<(file: string) => Promise<string | null>> {
  const root = await realpath(folder);
  let whole = 0;
  return async (file) => {
    const path = await realpath(join(root, file)).catch(() => null);
    if (path === null) return null;
    if (!path.startsWith(root + sep)) throw new Error(`${file} leads out of the recording`);
    const { size } = await stat(path).then((found) => {
      if (!found.isFile()) throw new Error(`${file} is not a file`);
      return found;
    });
    whole += size;
    if (size > MAX_FILE) throw tooLarge(file);
    if (whole > MAX_WHOLE) throw tooLarge(folder);
    return readFile(path, 'utf8');
  };
}

/** All files of an archive, in memory: nothing of it is ever unpacked to disk, so its paths lead nowhere. */
function unpack(archive: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let whole = 0;
  let entries = 0;
  return new Promise((resolve, reject) => {
    const source = createReadStream(archive);
    const fail = (error: Error): void => {
      source.destroy();
      reject(error);
    };
    const parser = new tar.Parser({
      strict: true,
      onReadEntry(entry) {
        entries++;
        if (entries > MAX_ENTRIES) fail(tooLarge(archive));
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => {
          whole += chunk.length;
          if (whole > MAX_WHOLE) fail(tooLarge(archive));
          else chunks.push(chunk);
        });
        entry.on('end', () => {
          if (entry.type === 'File' || entry.type === 'OldFile') files.set(entry.path.replace(/^\.\//, ''), Buffer.concat(chunks));
        });
      },
    });
    source.on('error', fail);
    parser.on('error', (error) => fail(error as Error));
    parser.on('end', () => resolve(files));
    source.pipe(parser);
  });
}

/** Files of an archive, whether it holds the recording's files or a folder of them. `index` is the file that marks the folder. */
export async function archiveReader(archive: string, index: string): Promise<(file: string) => Promise<string | null>> {
  const files = await unpack(archive);
  const found = [...files.keys()].filter((path) => path === index || path.endsWith(`/${index}`)).sort((a, b) => a.length - b.length)[0];
  const prefix = found?.slice(0, -index.length) ?? '';
  return async (file) => files.get(prefix + file)?.toString('utf8') ?? null;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
