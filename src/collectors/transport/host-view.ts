/** Where a host is to be looked at from here: its root, its /proc, its own network namespace. */
import { existsSync } from 'node:fs';
import type { HostConfig } from '../../model/host-config.ts';
import { isHere } from './docker.ts';
import { enginePid } from './engine-process.ts';
import { namespaceInode } from './processes.ts';

export interface HostView {
  /** Where the host's files are: `/` or `/proc/PID/root`. */
  readonly root: string;
  readonly proc: string;
  /** Inode of the host's own network namespace. */
  readonly own: string;
  /** Paths of it, best first. */
  readonly ownPath: string;
  /** Its UTS namespace; null when it is ours. */
  readonly uts: string | null;
  /** Inode of the network namespace that this process stands in. */
  readonly self: string;
}

export type Viewed = { readonly view: HostView } | { readonly reason: string };

function other(path: string): boolean {
  const inode = namespaceInode(path);
  return inode !== null && inode !== namespaceInode(path.replace(/^\/proc\/\d+\//, '/proc/self/'));
}

function seenFrom(pid: number, whole: boolean, self: string): HostView | null {
  const own = namespaceInode(`/proc/${pid}/ns/net`);
  if (own === null) return null;
  const elsewhere = whole || other(`/proc/${pid}/ns/mnt`);
  const root = elsewhere ? `/proc/${pid}/root` : '/';
  return {
    root,
    proc: whole ? `${root}/proc` : '/proc',
    own,
    ownPath: `/proc/${pid}/ns/net`,
    uts: other(`/proc/${pid}/ns/uts`) ? `/proc/${pid}/ns/uts` : null,
    self,
  };
}

/** Below which the host's files are, as far as that can be told. */
export const rootOf = (config: HostConfig): Promise<string> =>
  viewHost(config).then(
    (viewed) => ('view' in viewed ? viewed.view.root : '/'),
    () => '/',
  );

/** `local`: the engine's process, else the first process, else this one. A process id: all that can be reached below its root. */
export async function viewHost(config: HostConfig): Promise<Viewed> {
  const self = namespaceInode('/proc/self/ns/net');
  if (self === null) return { reason: 'no network namespaces here: /proc/self/ns/net cannot be read (Linux is needed to look at a live host)' };
  if (config.namespaceOf !== 'local') {
    const pid = config.namespaceOf;
    if (!existsSync(`/proc/${pid}`)) return { reason: `there is no process ${pid}: correct namespaceOf` };
    const view = seenFrom(pid, true, self);
    return view ? { view } : { reason: `the namespaces of process ${pid} cannot be read: needs CAP_SYS_PTRACE; run as root` };
  }
  if (!isHere(config.docker))
    return {
      reason: `the engine at ${config.docker.replace(/\/\/.*@/, '//')} runs on another machine, whose namespaces cannot be read from here: run netwhy there`,
    };
  const engine = config.docker.startsWith('unix://') ? await enginePid('/proc', config.docker.slice('unix://'.length)) : null;
  const view = (engine !== null ? seenFrom(engine, false, self) : null) ?? seenFrom(1, false, self);
  return { view: view ?? { root: '/', proc: '/proc', own: self, ownPath: '/proc/self/ns/net', uts: null, self } };
}
