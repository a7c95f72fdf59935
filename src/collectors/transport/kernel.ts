import { hostname, machine, release, version } from 'node:os';
import { execa } from 'execa';

export interface Kernel {
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly hostname: string;
}

/** uname(2), the host name by way of the host's own UTS namespace. */
export async function readKernel(uts: string | null, timeoutMs: number): Promise<Kernel> {
  const named = uts === null ? null : await execa('nsenter', [`--uts=${uts}`, 'uname', '-n'], { timeout: timeoutMs, reject: false });
  return { release: release(), version: version(), machine: machine(), hostname: named?.exitCode === 0 ? named.stdout : uts === null ? hostname() : '' };
}
