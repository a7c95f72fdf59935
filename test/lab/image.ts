/** The image all lab containers run: busybox and nothing else, packed once a lab. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What `docker import` names it. */
export const IMAGE = 'lab/busybox:1';

/** Writes FOLDER/image.tar and returns its path. */
export async function packImage(folder: string): Promise<string> {
  const root = join(folder, 'image');
  await mkdir(join(root, 'bin'), { recursive: true });
  for (const name of ['dev', 'etc', 'proc', 'sys', 'tmp', 'usr', 'lib', 'lib64', 'lab']) await mkdir(join(root, name));
  await cp('/bin/busybox', join(root, 'bin/busybox'));
  const applets = (await execa('/bin/busybox', ['--list'])).stdout.split('\n').filter((name) => name !== 'busybox');
  await Promise.all(applets.map((name) => symlink('busybox', join(root, 'bin', name))));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  const tar = join(folder, 'image.tar');
  await execa('tar', ['-C', root, '-cf', tar, '.']);
  return tar;
}
