/** Behind which port a MAC address lives: what a bridge would have learned, worked out from the wiring. */
import type { Link, Netns } from '../model/network.ts';
import { linksOf } from './index-netns.ts';
import type { World } from './types.ts';
import { isExternal, neighboursOnLink } from './underlay.ts';
import { vtepsBehind } from './vxlan.ts';

/** True when a frame for `mac` sent out by `link` could come to a device that has it. */
export function reaches(world: World, ns: Netns, link: Link, mac: string, seen: Set<string> = new Set()): boolean {
  const key = `${ns.id} ${link.name}`;
  if (seen.has(key)) return false;
  seen.add(key);
  if (link.kind === 'vxlan') return vtepsBehind(world, ns, link, mac).some((v) => enters(world, v.netns, v.link, mac, seen));
  if (link.kind === 'vlan' && link.peer) return reachesPeerOut(world, link, mac, seen);
  if (isExternal(link)) return mac.startsWith('outside ') || neighboursOnLink(world.model, ns, link).some((p) => enters(world, p.netns, p.link, mac, seen));
  if (link.kind !== 'veth' || !link.peer) return false;
  const peerNs = world.model.namespaces.get(link.peer.netns);
  const peer = peerNs && linksOf(peerNs).links.get(link.peer.link);
  return peerNs !== undefined && peer !== undefined && enters(world, peerNs, peer, mac, seen);
}

function reachesPeerOut(world: World, link: Link, mac: string, seen: Set<string>): boolean {
  const parentNs = world.model.namespaces.get(link.peer!.netns);
  const parent = parentNs && linksOf(parentNs).links.get(link.peer!.link);
  return parentNs !== undefined && parent !== undefined && reaches(world, parentNs, parent, mac, seen);
}

/** True when a frame for `mac` that comes in by `link` finds a taker there or beyond. */
function enters(world: World, ns: Netns, link: Link, mac: string, seen: Set<string>): boolean {
  if (link.mac === mac) return true;
  const index = linksOf(ns);
  if (childrenOf(world, ns, link).some((c) => c.link.mac === mac)) return true;
  const bridge = link.master ? index.links.get(link.master) : undefined;
  if (bridge?.kind !== 'bridge') return false;
  if (bridge.mac === mac) return true;
  return (index.ports.get(bridge.name) ?? []).some((p) => p.name !== link.name && (p.mac === mac || reaches(world, ns, p, mac, seen)));
}

/** macvlan, ipvlan and vlan interfaces on top of a link, wherever they live. */
export function childrenOf(world: World, ns: Netns, parent: Link): readonly { netns: Netns; link: Link }[] {
  const found: { netns: Netns; link: Link }[] = [];
  for (const other of world.model.namespaces.values()) {
    if (!other.links.known || other.host !== ns.host) continue;
    for (const link of other.links.value) {
      if (['macvlan', 'ipvlan', 'vlan', 'macvtap'].includes(link.kind) && link.peer?.netns === ns.id && link.peer.link === parent.name)
        found.push({ netns: other, link });
    }
  }
  return found;
}
