/** Names that engines draw at random or make from ids, replaced by what they stand for. */
import type { Container } from '../model/docker.ts';
import type { Host, Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';

/** What both sides together know. */
export interface Common {
  /** The same bridge, container or network may be listed on one side alone: ids of both sides have names. */
  readonly hosts: readonly [Host, Host];
  /** Why namespaces have no names on one side; null: they have. */
  readonly unnamed: string | null;
  /** Keys of namespaces whose links are not known on one side, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
}

/** One host of one of the two models. */
export interface Side {
  readonly model: Model;
  readonly host: Host;
  readonly common: Common;
  /** `br-10f14a48aa11` → `br(appnet)`, `veth45ea3c1` → `veth(container:web/eth0)`, an id → `id(web)`; also inside of a text. */
  readonly stable: (text: string) => string;
  readonly containerName: (id: string) => string;
}

export function containersOf(host: Host): readonly Container[] {
  return host.containers.known ? host.containers.value : [];
}

/** Ends of veth pairs are known by what they connect, where their own name was drawn at random. */
export function isDrawn(model: Model, netns: Netns, link: Link): boolean {
  if (link.kind !== 'veth' || netns.kind === 'container') return false;
  return /^veth[0-9a-f]{5,}$/.test(link.name) || (link.peer !== null && model.namespaces.get(link.peer.netns)?.kind === 'container');
}

/** The namespace of the other end; null when one of the sides may not know it. */
export function peerNetns(model: Model, common: Common, link: Link): Netns | null {
  const netns = link.peer === null ? undefined : model.namespaces.get(link.peer.netns);
  return netns && common.unnamed === null && !common.unread.has(netns.key) ? netns : null;
}

export function peerName(model: Model, common: Common, link: Link): string | null {
  const netns = peerNetns(model, common, link);
  return netns && link.peer ? `${netns.key}/${link.peer.link}` : null;
}

const ID = /br-[0-9a-f]{12}|veth[0-9a-f]{5,}|(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])/g;

export function sideOf(model: Model, host: Host, common: Common): Side {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  // this side's names last: they stand where the two disagree
  for (const from of [...common.hosts.filter((h) => h !== host), host]) {
    for (const network of from.networks.known ? from.networks.value : []) {
      if (network.bridge === `br-${network.id.slice(0, 12)}`) names.set(network.bridge, `br(${network.name})`);
    }
    for (const container of containersOf(from)) {
      ids.set(container.id, container.name);
      names.set(container.id, `id(${container.name})`);
      names.set(container.id.slice(0, 12), `id(${container.name})`);
    }
  }
  for (const netns of host.namespaces) {
    for (const link of netns.links.known ? netns.links.value : []) {
      const peer = isDrawn(model, netns, link) ? peerName(model, common, link) : null;
      if (peer !== null) names.set(link.name, `veth(${peer})`);
    }
  }
  return {
    model,
    host,
    common,
    stable: (text) => {
      let found = names.get(text);
      if (found === undefined) {
        found = text.replace(ID, (match) => names.get(match) ?? match);
        names.set(text, found);
      }
      return found;
    },
    containerName: (id) => ids.get(id) ?? id.slice(0, 12),
  };
}
