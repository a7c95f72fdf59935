/** Which network namespaces a host has, and who lives in each. */
import type { Netns } from '../model/network.ts';
import type { NamedFile } from './transport/folders.ts';
import type { Process } from './transport/processes.ts';

export interface NamespaceEntry {
  readonly inode: string;
  readonly kind: Netns['kind'];
  /** As seen by netwhy. */
  readonly paths: readonly string[];
  readonly names: readonly string[];
  /** At most five, as the host numbers them; the first process of a container before others. */
  readonly pids: readonly number[];
  readonly containerIds: readonly string[];
}

export interface ContainerPlace {
  readonly id: string;
  /** Its first process as the host numbers it; null when that is not known. */
  readonly pid: number | null;
  readonly inode: string;
}

export interface Seen {
  /** Inode and path of the host's own. */
  readonly own: string;
  readonly ownPath: string;
  readonly proc: string;
  readonly processes: readonly Process[];
  readonly files: readonly NamedFile[];
  readonly containers: readonly ContainerPlace[];
}

const MAX_PIDS = 5;

/** The host's own first, the others by inode. */
export function listNamespaces(seen: Seen): NamespaceEntry[] {
  const found = new Map<string, { paths: Set<string>; names: Set<string>; pids: Set<number>; containerIds: Set<string> }>();
  const at = (inode: string) => {
    let entry = found.get(inode);
    if (!entry) {
      entry = { paths: new Set(), names: new Set(), pids: new Set(), containerIds: new Set() };
      found.set(inode, entry);
    }
    return entry;
  };
  at(seen.own).paths.add(seen.ownPath);
  for (const { inode, path, name } of seen.files) {
    at(inode).paths.add(path);
    at(inode).names.add(name);
  }
  for (const { inode, id, pid } of seen.containers) {
    at(inode).containerIds.add(id);
    if (pid !== null) at(inode).pids.add(pid);
  }
  for (const { netns, pid } of seen.processes) if (netns !== null && at(netns).pids.size < MAX_PIDS) at(netns).pids.add(pid);

  return [...found]
    .map(([inode, { paths, names, pids, containerIds }]): NamespaceEntry => {
      const first = [...pids][0];
      if (first !== undefined) paths.add(`${seen.proc}/${first}/ns/net`);
      const kind = inode === seen.own ? 'host' : containerIds.size > 0 ? 'container' : names.size > 0 ? 'named' : 'process';
      return { inode, kind, paths: [...paths], names: [...names].sort(), pids: [...pids].slice(0, MAX_PIDS), containerIds: [...containerIds].sort() };
    })
    .sort((a, b) => Number(b.kind === 'host') - Number(a.kind === 'host') || Number(a.inode) - Number(b.inode));
}
