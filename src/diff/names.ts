/** Names that engines draw at random or make from ids, replaced by what they stand for. */
import type { Container } from '../model/docker.ts';
import type { Host, Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';

/** One host of one of the two models. */
export interface Side {
  readonly model: Model;
  readonly host: Host;
  /** `br-10f14a48aa11` → `br(appnet)`, `veth45ea3c1` → `veth(container:web/eth0)`, an id → `id(web)`; also inside of a text. */
  readonly stable: (text: string) => string;
  readonly containerName: (id: string) => string;
}

/** Facts known on both sides; a name that only one side can translate stays as it is on both. */
export interface Common {
  readonly networks: boolean;
  readonly containers: boolean;
}

export function containersOf(host: Host): readonly Container[] {
  return host.containers.known ? host.containers.value : [];
}

/** Ends of veth pairs are known by what they connect, where their own name was drawn at random. */
export function isDrawn(model: Model, netns: Netns, link: Link): boolean {
  if (link.kind !== 'veth' || netns.kind === 'container') return false;
  return /^veth[0-9a-f]{5,}$/.test(link.name) || (link.peer !== null && model.namespaces.get(link.peer.netns)?.kind === 'container');
}

export function peerName(model: Model, link: Link): string | null {
  const netns = link.peer === null ? undefined : model.namespaces.get(link.peer.netns);
  return netns && link.peer ? `${netns.key}/${link.peer.link}` : null;
}

const ID = /br-[0-9a-f]{12}|veth[0-9a-f]{5,}|(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])/g;

export function sideOf(model: Model, host: Host, common: Common): Side {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  if (common.networks && host.networks.known) {
    for (const network of host.networks.value) if (network.bridge === `br-${network.id.slice(0, 12)}`) names.set(network.bridge, `br(${network.name})`);
  }
  if (common.containers) {
    for (const container of containersOf(host)) {
      ids.set(container.id, container.name);
      names.set(container.id, `id(${container.name})`);
      names.set(container.id.slice(0, 12), `id(${container.name})`);
    }
    for (const netns of host.namespaces) {
      for (const link of netns.links.known ? netns.links.value : []) {
        const peer = isDrawn(model, netns, link) ? peerName(model, link) : null;
        if (peer !== null) names.set(link.name, `veth(${peer})`);
      }
    }
  }
  return {
    model,
    host,
    stable: (text) => names.get(text) ?? text.replace(ID, (match) => names.get(match) ?? match),
    containerName: (id) => ids.get(id) ?? id.slice(0, 12),
  };
}
