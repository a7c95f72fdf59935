/** /proc of a host: which processes there are, where they live, which sockets they hold. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

export interface Process {
  readonly pid: number;
  /** Inode of its network namespace; null when it may not be read, or when a zombie has none any more. */
  readonly netns: string | null;
  /** Its namespace may not be read: needs CAP_SYS_PTRACE. */
  readonly hidden: boolean;
  readonly comm: string;
}

/** Reads of /proc are memory reads of microseconds: synchronous ones are ten times cheaper than the thread pool's, given a pause now and then. */
const PAUSE_EVERY = 64;
const NAMESPACE = /^\w+:\[(\d+)\]$/;

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null; // the process ended, or it may not be looked at
  }
}

/** `net:[4026531840]` → `4026531840`; null when it cannot be read. */
export function namespaceInode(path: string): string | null {
  return attempt(() => readlinkSync(path))?.match(NAMESPACE)?.[1] ?? null;
}

/** Whether a path leads to another namespace than it did, or to none: its process ended, and the pid may be another's. */
export function movedOn(path: string, inode: string): boolean {
  try {
    return String(statSync(path).ino) !== inode;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Whether a /proc gives processes the numbers that they have here. */
export function numbersAsWe(proc: string): boolean {
  return attempt(() => readlinkSync(`${proc}/self`)) === String(process.pid);
}

function homeOf(path: string): { netns: string | null; hidden: boolean } {
  try {
    return { netns: readlinkSync(path).match(NAMESPACE)?.[1] ?? null, hidden: false };
  } catch (error) {
    return { netns: null, hidden: (error as NodeJS.ErrnoException).code !== 'ENOENT' };
  }
}

/** All processes, lowest pid first. Throws when the folder cannot be read. */
export async function listProcesses(proc: string): Promise<Process[]> {
  const pids = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const processes: Process[] = [];
  for (const [i, pid] of pids.entries()) {
    if (i % PAUSE_EVERY === PAUSE_EVERY - 1) await setImmediate();
    const comm = attempt(() => readFileSync(`${proc}/${pid}/comm`, 'utf8'));
    if (comm !== null) processes.push({ pid, comm: comm.trimEnd(), ...homeOf(`${proc}/${pid}/ns/net`) });
  }
  return processes;
}

/** cgroup paths, one a line; empty when they cannot be read. */
export function cgroupOf(proc: string, pid: number): string {
  return attempt(() => readFileSync(`${proc}/${pid}/cgroup`, 'utf8')) ?? '';
}

export function argumentsOf(proc: string, pid: number): string[] {
  return attempt(() => readFileSync(`${proc}/${pid}/cmdline`, 'utf8'))?.split('\0') ?? [];
}

/** Text of /proc/PID/net/unix; empty when it cannot be read. */
export function unixSockets(proc: string, pid: number): string {
  return attempt(() => readFileSync(`${proc}/${pid}/net/unix`, 'utf8')) ?? '';
}

/** Inodes of the sockets that a process holds. */
export function socketsOf(proc: string, pid: number): string[] {
  const inodes: string[] = [];
  for (const fd of attempt(() => readdirSync(`${proc}/${pid}/fd`)) ?? []) {
    const inode = attempt(() => readlinkSync(`${proc}/${pid}/fd/${fd}`))?.match(/^socket:\[(\d+)\]$/)?.[1];
    if (inode) inodes.push(inode);
  }
  return inodes;
}

/** The first process to hold each of the sockets, in the order given. Stops when all are found. */
export async function socketOwners(proc: string, processes: readonly Process[], wanted: ReadonlySet<string>): Promise<Map<string, Process>> {
  const owners = new Map<string, Process>();
  for (const [i, process] of processes.entries()) {
    if (owners.size === wanted.size) break;
    if (i % PAUSE_EVERY === PAUSE_EVERY - 1) await setImmediate();
    for (const inode of socketsOf(proc, process.pid)) if (wanted.has(inode) && !owners.has(inode)) owners.set(inode, process);
  }
  return owners;
}
