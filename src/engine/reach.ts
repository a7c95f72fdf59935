/** Behind which port a MAC address lives: what a bridge would have learned, worked out from the wiring. */
import type { Model } from '../model/model.ts';
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
  if (link.kind === 'vxlan' || isExternal(link)) world.reads.beyond = true;
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

interface Child {
  readonly netns: Netns;
  readonly link: Link;
}

const ON_TOP: ReadonlySet<string> = new Set(['macvlan', 'ipvlan', 'vlan', 'macvtap']);
const children = new WeakMap<Model, ReadonlyMap<string, readonly Child[]>>();

function allChildren(model: Model): ReadonlyMap<string, readonly Child[]> {
  let all = children.get(model);
  if (!all) {
    const found = new Map<string, Child[]>();
    for (const netns of model.namespaces.values()) {
      for (const link of netns.links.known ? netns.links.value : []) {
        if (!ON_TOP.has(link.kind) || !link.peer || model.namespaces.get(link.peer.netns)?.host !== netns.host) continue;
        const key = `${link.peer.netns} ${link.peer.link}`;
        found.set(key, [...(found.get(key) ?? []), { netns, link }]);
      }
    }
    all = found;
    children.set(model, all);
  }
  return all;
}

/** macvlan, ipvlan and vlan interfaces on top of a link, wherever they live. */
export function childrenOf(world: World, ns: Netns, parent: Link): readonly Child[] {
  return allChildren(world.model).get(`${ns.id} ${parent.name}`) ?? [];
}
