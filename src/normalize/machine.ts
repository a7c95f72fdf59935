/** Which hosts of the configuration are namespaces of one running kernel. */
import type { Netns } from '../model/network.ts';
import type { Draft } from './host.ts';
import type { SameMachine } from './peers.ts';

/** One inode, two contents: not one namespace, so not one machine. */
function contradict(a: Netns, b: Netns): boolean {
  if (a.inode !== b.inode || !a.links.known || !b.links.known) return false;
  const macs = new Map(a.links.value.map((link) => [link.ifindex, link.mac]));
  return b.links.value.some((link) => macs.has(link.ifindex) && macs.get(link.ifindex) !== link.mac);
}

function onOneMachine(a: Draft, b: Draft): boolean {
  if (a.kernel.bootId !== null && b.kernel.bootId !== null) return a.kernel.bootId === b.kernel.bootId;
  if (a.kernel.build === null || a.kernel.build !== b.kernel.build) return false;
  const byInode = new Map(a.host.namespaces.map((netns) => [netns.inode, netns]));
  return !b.host.namespaces.some((netns) => {
    const other = byInode.get(netns.inode);
    return other !== undefined && contradict(other, netns);
  });
}

/** Decided once for each pair of hosts. */
export function sameMachine(drafts: readonly Draft[]): SameMachine {
  const pairs = new Set<string>();
  for (const a of drafts) for (const b of drafts) if (a !== b && onOneMachine(a, b)) pairs.add(`${a.host.name}\n${b.host.name}`);
  return (a, b) => pairs.has(`${a}\n${b}`);
}
