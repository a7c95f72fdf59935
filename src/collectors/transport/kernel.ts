import { readFile } from 'node:fs/promises';
import { hostname, machine, release, version } from 'node:os';
import { execa } from 'execa';

export interface Kernel {
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly hostname: string;
  /** Tells one boot of one machine from all others (random(4)); null where /proc does not show it. */
  readonly bootId: string | null;
}

/** uname(2) and the boot, the host name by way of the host's own UTS namespace. */
export async function readKernel(uts: string | null, timeoutMs: number): Promise<Kernel> {
  const named = uts === null ? null : await execa('nsenter', [`--uts=${uts}`, 'uname', '-n'], { timeout: timeoutMs, reject: false });
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return {
    release: release(),
    version: version(),
    machine: machine(),
    hostname: named?.exitCode === 0 ? named.stdout : uts === null ? hostname() : '',
    bootId: bootId?.trim() ?? null,
  };
}
