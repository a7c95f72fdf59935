/**
 * What lies between hosts and was not collected. External interfaces whose addresses share a subnet are taken to be on one
 * link, and every use of that is a caveat.
 */
import type { Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import { inPrefix, prefixLength } from '../util/ip.ts';
import { linksOf } from './index-netns.ts';

export interface Port {
  readonly netns: Netns;
  readonly link: Link;
  /** Prefixes on the link, as this end sees them. */
  readonly subnets: readonly string[];
}

/** Interfaces whose other end is not in the model. */
export function isExternal(link: Link): boolean {
  if (link.kind === 'physical') return true;
  return link.kind === 'veth' && link.peer === null;
}

function subnetsOn(ns: Netns, link: Link): string[] {
  const bearer = link.master ? linksOf(ns).links.get(link.master) : link;
  return [...link.addresses, ...(bearer?.addresses ?? [])].filter((a) => a.scope !== 'host').map((a) => `${a.address}/${a.prefix}`);
}

const ports = new WeakMap<Model, readonly Port[]>();

export function externalPorts(model: Model): readonly Port[] {
  let all = ports.get(model);
  if (!all) {
    const found: Port[] = [];
    const seen = new Set<string>();
    for (const netns of model.namespaces.values()) {
      if (!netns.links.known || seen.has(netns.id)) continue;
      seen.add(netns.id);
      for (const link of netns.links.value) if (isExternal(link)) found.push({ netns, link, subnets: subnetsOn(netns, link) });
    }
    all = found;
    ports.set(model, all);
  }
  return all;
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.some((x) => b.some((y) => (prefixLength(x) <= prefixLength(y) ? inPrefix(x, y.split('/')[0]!) : inPrefix(y, x.split('/')[0]!))));
}

const neighbours = new WeakMap<Model, Map<Link, readonly Port[]>>();

/** The other external interfaces on the link that this one is on. */
export function neighboursOnLink(model: Model, netns: Netns, link: Link): readonly Port[] {
  const known = neighbours.get(model) ?? new Map<Link, readonly Port[]>();
  neighbours.set(model, known);
  let others = known.get(link);
  if (!others) {
    const mine = subnetsOn(netns, link);
    others = externalPorts(model).filter((p) => !(p.netns === netns && p.link === link) && overlap(mine, p.subnets));
    known.set(link, others);
  }
  return others;
}

/** Where an address outside the model would be attached: the external interfaces whose subnet holds it. */
export function portsTowards(model: Model, address: string): readonly Port[] {
  return externalPorts(model).filter((p) => p.subnets.some((s) => inPrefix(s, address)));
}
