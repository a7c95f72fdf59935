/** Processes that hold the lab's namespaces. Nothing gets a name under /run/netns: a namespace lives as long as its holder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface Holder {
  /** As seen from outside; inside a pid namespace of its own it is 1. */
  readonly pid: number;
  readonly process: ChildProcess;
}

/**
 * A process that holds a new network namespace, and with `machine` also pid, mount, UTS and IPC namespaces, after `setup` (sh) ran in them.
 * Dies with the process that made it. Throws what the setup said when it fails.
 */
export async function hold(setup: string, kind: 'network' | 'machine'): Promise<Holder> {
  const apart = kind === 'network' ? ['--net'] : ['--net', '--pid', '--fork', '--kill-child=KILL', '--mount', '--propagation', 'private', '--uts', '--ipc'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...apart, 'sh', '-ec', `${setup}\necho ready\nexec sleep infinity`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`namespace holder died: ${errors}`)));
  });
  child.stdout.destroy();
  child.stderr.destroy();
  child.removeAllListeners('exit');
  child.unref();
  const own = child.pid!;
  if (kind === 'network') return { pid: own, process: child };
  const inner = (await readFile(`/proc/${own}/task/${own}/children`, 'utf8')).trim().split(' ')[0];
  return { pid: Number(inner), process: child };
}

export function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** Waits up to 5 s until the kernel has taken the processes (and with them their namespaces) away. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 500 && pids.some((pid) => existsSync(`/proc/${pid}`)); i++) await sleep(10);
}

/** A process folder of /proc stands for the namespaces of its process. That of a process inside a machine is found below the machine's own /proc. */
export type Place = string;

export const placeOf = (pid: number): Place => `/proc/${pid}`;
export const placeWithin = (machine: number, pid: number): Place => `/proc/${machine}/root/proc/${pid}`;

/** Arguments of nsenter(1): which namespaces of a place to enter. */
export const enter = {
  network: (place: Place): string[] => [`--net=${place}/ns/net`, '--'],
  container: (place: Place): string[] => [`--net=${place}/ns/net`, `--mount=${place}/ns/mnt`, '--'],
  machine: (place: Place): string[] => [...['net', 'mnt', 'pid', 'uts', 'ipc'].map((kind) => `--${kind === 'mnt' ? 'mount' : kind}=${place}/ns/${kind}`), '--'],
};

/** Runs a program inside; rejects with its output when it fails or takes more than 20 s. */
export async function inside(
  into: readonly string[],
  argv: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const done = await execa('nsenter', [...into, ...argv], { timeout: 20_000, input: options.input ?? '', env: options.env ?? {} });
  return done.stdout;
}
