/** The process behind an engine's unix socket: its network namespace is the host's. */
import { readFileSync, statSync } from 'node:fs';
import { resolveBelow } from './below.ts';
import { listProcesses, socketsOf, unixSockets } from './processes.ts';

const ENGINES = new Set(['dockerd', 'podman']);
const DEFAULT_SOCKETS = new Set(['/run/docker.sock', '/var/run/docker.sock']);

const plain = (path: string): string => path.replace(/^\/var\/run\//, '/run/');

function sameFile(a: string, b: string): boolean {
  try {
    const [x, y] = [statSync(a), statSync(b)];
    return x.dev === y.dev && x.ino === y.ino;
  } catch {
    return false;
  }
}

/** Listening sockets bound to a path: the Inode column of /proc/net/unix, proc_pid_net(5). Flag 0x10000 is __SO_ACCEPTCON. */
function listeningOn(table: string, path: string): string[] {
  return table.split('\n').flatMap((line) => {
    const [, , , flags, , , inode, ...name] = line.trim().split(/\s+/);
    return inode && flags === '00010000' && plain(name.join(' ')) === plain(path) ? [inode] : [];
  });
}

/**
 * Pid of the engine that listens on the socket at `path`; null when it is not found. Several engines may listen on one
 * path, each in a mount namespace of its own, so the socket file must be the one that the path leads to from here.
 */
export async function enginePid(proc: string, path: string): Promise<number | null> {
  for (const { pid, comm } of await listProcesses(proc)) {
    if (!ENGINES.has(comm)) continue;
    const theirs = await resolveBelow(`${proc}/${pid}/root`, path).catch(() => null);
    if (theirs === null || !sameFile(theirs, path)) continue;
    const inodes = new Set(listeningOn(unixSockets(proc, pid), path));
    if (socketsOf(proc, pid).some((inode) => inodes.has(inode))) return pid;
  }
  return DEFAULT_SOCKETS.has(path) ? pidFile(proc) : null;
}

function pidFile(proc: string): number | null {
  try {
    const pid = Number(readFileSync('/run/docker.pid', 'utf8'));
    return readFileSync(`${proc}/${pid}/comm`, 'utf8').trim() === 'dockerd' ? pid : null;
  } catch {
    return null;
  }
}
