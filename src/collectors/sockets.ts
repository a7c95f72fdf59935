/** Who holds the sockets that `ss` listed. ss itself would have to search /proc once in every namespace. */
import type { Fact } from '../model/facts.ts';
import type { NamespaceEntry } from './namespaces.ts';
import { cgroupOf, type Process, socketOwners } from './transport/processes.ts';

interface Owner {
  readonly pid: number;
  readonly comm: string;
  /** Inode of the network namespace of the process, which need not be that of its socket. */
  readonly netns: string | null;
  readonly containerId: string | null;
}

function containerOf(proc: string, process: Process, byInode: ReadonlyMap<string, NamespaceEntry>, ids: ReadonlySet<string>): string | null {
  const named = cgroupOf(proc, process.pid).match(/[0-9a-f]{64}/g) ?? [];
  const own = named.findLast((id) => ids.has(id));
  if (own) return own;
  const home = process.netns === null ? undefined : byInode.get(process.netns);
  return home?.kind === 'container' && home.containerIds.length === 1 ? (home.containerIds[0] ?? null) : null;
}

/** Socket inode → owner, for the sockets in the `ss` facts. */
export async function ownersOfSockets(
  proc: string,
  facts: readonly Fact[],
  processes: readonly Process[],
  namespaces: readonly NamespaceEntry[],
): Promise<Record<string, Owner>> {
  const wanted = new Set<string>();
  const homes = new Set<string>();
  for (const fact of facts) {
    if (fact.source !== 'ss') continue;
    for (const [, inode] of fact.data.matchAll(/\bino:(\d+)/g)) if (inode && inode !== '0') wanted.add(inode);
    if (fact.data !== '' && fact.netns !== null) homes.add(fact.netns);
  }
  const likely = (p: Process): number => (p.netns !== null && homes.has(p.netns) ? 0 : 1);
  const owners = await socketOwners(
    proc,
    processes.toSorted((a, b) => likely(a) - likely(b)),
    wanted,
  );
  const byInode = new Map(namespaces.map((n) => [n.inode, n]));
  const ids = new Set(namespaces.flatMap((n) => n.containerIds));
  return Object.fromEntries(
    [...owners].map(([inode, process]) => [
      inode,
      { pid: process.pid, comm: process.comm, netns: process.netns, containerId: containerOf(proc, process, byInode, ids) },
    ]),
  );
}
