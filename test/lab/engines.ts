/** Which Docker Engines the lab can run, and where their programs lie. */
import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const ENGINE_VERSIONS = ['20.10', '26.1', '28.5'] as const;
export type EngineVersion = (typeof ENGINE_VERSIONS)[number];

/** Folder to put first in PATH, or why there is none. */
export type Engine = { readonly available: true; readonly folder: string } | { readonly available: false; readonly reason: string };

export const labFolder = dirname(fileURLToPath(import.meta.url));
const cache = process.env.NETWHY_LAB_CACHE ?? '/var/cache/netwhy-lab';

async function installed(): Promise<Engine> {
  const found = await execa('dockerd', ['--version'], { reject: false });
  if (found.failed) return { available: false, reason: 'dockerd is not installed (Debian package docker.io)' };
  if (!found.stdout.includes('version 20.10')) return { available: false, reason: `the installed engine is not 20.10: ${found.stdout}` };
  const where = await execa('sh', ['-c', 'command -v dockerd']);
  return { available: true, folder: dirname(where.stdout) };
}

/** Unpacks what is missing (about 10 s once) and says what is there. Never throws. */
export async function findEngines(): Promise<Readonly<Record<EngineVersion, Engine>>> {
  const unpacked = await execa('bash', [join(labFolder, 'engines.sh'), cache], { reject: false, timeout: 240_000 });
  const cached = async (version: EngineVersion): Promise<Engine> => {
    const folder = join(cache, version, 'bin');
    return access(join(folder, 'dockerd'), constants.X_OK).then(
      (): Engine => ({ available: true, folder }),
      (): Engine => ({ available: false, reason: `engine ${version} could not be unpacked: ${unpacked.stderr.slice(-2000)}` }),
    );
  };
  return { '20.10': await installed(), '26.1': await cached('26.1'), '28.5': await cached('28.5') };
}
