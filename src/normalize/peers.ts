/**
 * The other end of each link. veth(4): an end knows the ifindex of its peer, and (rtnetlink IFLA_LINK_NETNSID) a number for
 * the peer's namespace that is valid in its own namespace only. Nothing is joined that could be joined in two ways.
 */
import type { Link, LinkRef, Netns } from '../model/network.ts';

export interface Place {
  readonly netns: Netns;
  /** The namespace the engine lives in. */
  readonly own: boolean;
}

interface End {
  readonly place: Place;
  readonly link: Link;
}

/** By `Netns.id interface`. */
export type Peers = ReadonlyMap<string, LinkRef>;

export function endKey(netns: string, link: string): string {
  return `${netns} ${link}`;
}

function keyOf(end: End): string {
  return endKey(end.place.netns.id, end.link.name);
}

function pairIndex(host: string, ifindex: number, peerIndex: number): string {
  return `${host} ${ifindex} ${peerIndex}`;
}

/** What namespace numbers turned out to mean: `Netns.id nsid` to inode and back. */
class NsidMap {
  private readonly toInode = new Map<string, string>();
  private readonly toNsid = new Map<string, number>();

  allows(from: End, to: End): boolean {
    const nsid = from.link.peerNsid;
    const { id } = from.place.netns;
    const { inode } = to.place.netns;
    const inodeOfNsid = this.toInode.get(`${id} ${nsid}`);
    const nsidOfInode = this.toNsid.get(`${id} ${inode}`);
    return (inodeOfNsid === undefined || inodeOfNsid === inode) && (nsidOfInode === undefined || nsidOfInode === nsid);
  }

  learn(from: End, to: End): void {
    if (from.link.peerNsid === null) return;
    this.toInode.set(`${from.place.netns.id} ${from.link.peerNsid}`, to.place.netns.inode);
    this.toNsid.set(`${from.place.netns.id} ${to.place.netns.inode}`, from.link.peerNsid);
  }

  inode(netns: string, nsid: number | null): string | undefined {
    return this.toInode.get(`${netns} ${nsid}`);
  }
}

export type SameMachine = (hostA: string, hostB: string) => boolean;

class Matcher {
  readonly peers = new Map<string, LinkRef>();
  private readonly nsids = new NsidMap();
  private readonly ends: readonly End[];
  private readonly hosts: readonly string[];
  private readonly byPair = new Map<string, End[]>();
  private readonly sameMachine: SameMachine;

  constructor(places: readonly Place[], sameMachine: SameMachine) {
    this.sameMachine = sameMachine;
    this.ends = places.flatMap((place) => (place.netns.links.known ? place.netns.links.value.map((link) => ({ place, link })) : []));
    this.hosts = [...new Set(places.map((place) => place.netns.host))];
    for (const end of this.ends) {
      if (end.link.kind !== 'veth' || end.link.peerIndex === null || end.link.peerNsid === null) continue;
      const key = pairIndex(end.place.netns.host, end.link.ifindex, end.link.peerIndex);
      this.byPair.set(key, [...(this.byPair.get(key) ?? []), end]);
    }
  }

  private join(from: End, to: End): void {
    this.peers.set(keyOf(from), { netns: to.place.netns.id, link: to.link.name });
    this.nsids.learn(from, to);
  }

  /** Ends that may be the peer of a veth in another namespace, one for each inode. */
  private candidates(end: End, hosts: readonly string[]): End[] {
    const found = new Map<string, End>();
    for (const host of hosts) {
      for (const other of this.byPair.get(pairIndex(host, end.link.peerIndex ?? 0, end.link.ifindex)) ?? []) {
        const { inode } = other.place.netns;
        if (inode === end.place.netns.inode || found.has(inode)) continue;
        if (this.nsids.allows(end, other) && this.nsids.allows(other, end) && this.free(other, end)) found.set(inode, other);
      }
    }
    return [...found.values()];
  }

  /** Not joined to a third namespace. */
  private free(other: End, end: End): boolean {
    const taken = this.peers.get(keyOf(other));
    return taken === undefined || taken.netns.endsWith(`/${end.place.netns.inode}`);
  }

  private others(host: string, everywhere: boolean): readonly string[] {
    if (!everywhere) return [host];
    return this.hosts.filter((other) => other === host || this.sameMachine(host, other));
  }

  private matchVeths(everywhere: boolean): void {
    const open = this.ends.filter(({ link }) => link.kind === 'veth' && link.peerIndex !== null && link.peerNsid !== null);
    // what is learnt of namespace numbers can settle what was open before: at most one round for each end
    for (let changed = true, round = 0; changed && round <= open.length; round++) {
      changed = false;
      for (const end of open) {
        if (this.peers.has(keyOf(end))) continue;
        const hosts = this.others(end.place.netns.host, everywhere);
        const [only, second] = this.candidates(end, hosts);
        if (!only || second) continue;
        const back = this.candidates(only, this.others(only.place.netns.host, everywhere));
        if (back.length !== 1 || back[0]?.place.netns.inode !== end.place.netns.inode) continue;
        this.join(end, only);
        if (!this.peers.has(keyOf(only))) this.join(only, end);
        changed = true;
      }
    }
  }

  private matchWithin(): void {
    for (const end of this.ends) {
      const { link, place } = end;
      if (link.peerNsid !== null || link.peerIndex === null || !place.netns.links.known) continue;
      const peer = place.netns.links.value.find((other) => other.ifindex === link.peerIndex);
      if (peer && (link.kind !== 'veth' || peer.peerIndex === link.ifindex)) this.join(end, { place, link: peer });
    }
  }

  /** A child in another namespace: macvlan, ipvlan and vlan know their parent, the parent does not know them. */
  private matchParents(): void {
    for (const end of this.ends) {
      const { link, place } = end;
      if (!CHILDREN.has(link.kind) || link.peerNsid === null || link.peerIndex === null) continue;
      const inode = this.nsids.inode(place.netns.id, link.peerNsid);
      const parents = this.ends.filter(
        (other) =>
          other.place.netns.host === place.netns.host &&
          other.place.netns.inode !== place.netns.inode &&
          (inode === undefined || other.place.netns.inode === inode) &&
          other.link.ifindex === link.peerIndex &&
          canBeParent(link, other.link),
      );
      // an engine makes a container's macvlan or ipvlan on a link of its own namespace (libnetwork drivers/macvlan)
      const engines = place.netns.kind === 'container' ? parents.filter((parent) => parent.place.own) : [];
      const chosen = parents.length === 1 ? parents[0] : engines.length === 1 ? engines[0] : undefined;
      if (chosen) this.join(end, chosen);
    }
  }

  run(): void {
    this.matchWithin();
    this.matchVeths(false);
    this.matchVeths(true);
    this.matchParents();
  }
}

const CHILDREN: ReadonlySet<string> = new Set(['macvlan', 'macvtap', 'ipvlan', 'vlan']);

/** macvlan of macvlan is flattened by the kernel (drivers/net/macvlan.c); an ipvlan has its parent's MAC address. */
function canBeParent(child: Link, parent: Link): boolean {
  if (parent.kind === 'loopback' || parent.kind === 'ipvlan') return false;
  if (child.kind === 'ipvlan') return parent.mac === child.mac;
  return child.kind === 'vlan' || (parent.kind !== 'macvlan' && parent.kind !== 'macvtap');
}

export function matchPeers(places: readonly Place[], sameMachine: SameMachine): Peers {
  const matcher = new Matcher(places, sameMachine);
  matcher.run();
  return matcher.peers;
}
