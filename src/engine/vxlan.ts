/** VXLAN: which tunnel ends a frame goes to (vxlan_fdb), and where those addresses live. */
import type { Link, Netns } from '../model/network.ts';
import { linksOf } from './index-netns.ts';
import type { World } from './types.ts';
import { need } from './world.ts';

export interface Vtep {
  readonly address: string;
  readonly netns: Netns;
  readonly link: Link;
}

const NONE = '00:00:00:00:00:00';

/** Addresses a frame for `mac` is sent to: its own entries, else the default ones (all-zeroes, or the remote set on the link). */
export function remotesFor(ns: Netns, link: Link, mac: string): readonly string[] {
  const entries = need(ns.fdb).filter((f) => f.dev === link.name && f.dst !== null);
  const own = entries.filter((f) => f.mac === mac);
  if (own.length > 0) return own.map((f) => f.dst!);
  const defaults = entries.filter((f) => f.mac === NONE).map((f) => f.dst!);
  if (link.vxlan?.remote && !defaults.includes(link.vxlan.remote)) defaults.push(link.vxlan.remote);
  return defaults;
}

/** The VXLAN interface of the same network and port in a namespace. */
function vtepIn(ns: Netns, like: Link): Link | null {
  return (
    (ns.links.known ? ns.links.value : []).find((l) => l.kind === 'vxlan' && l.vxlan?.vni === like.vxlan?.vni && l.vxlan?.port === like.vxlan?.port) ?? null
  );
}

/** The far ends in the model for a MAC address. */
export function vtepsBehind(world: World, ns: Netns, link: Link, mac: string): readonly Vtep[] {
  const found: Vtep[] = [];
  for (const address of remotesFor(ns, link, mac)) {
    for (const other of world.model.namespaces.values()) {
      if (other === ns || !other.links.known || !linksOf(other).addresses.has(address)) continue;
      const end = vtepIn(other, link) ?? elsewhere(world, other, link);
      if (end) found.push({ address, netns: end === vtepIn(other, link) ? other : (holderOf(world, other, end) ?? other), link: end });
    }
  }
  return found;
}

/** Docker's overlay moves its vxlan interface into a namespace of its own; the outer socket stays in the host's. */
function elsewhere(world: World, host: Netns, like: Link): Link | null {
  for (const ns of world.model.namespaces.values()) {
    const end = ns.host === host.host && ns !== host ? vtepIn(ns, like) : null;
    if (end) return end;
  }
  return null;
}

function holderOf(world: World, host: Netns, link: Link): Netns | null {
  for (const ns of world.model.namespaces.values()) if (ns.host === host.host && ns.links.known && ns.links.value.includes(link)) return ns;
  return null;
}
