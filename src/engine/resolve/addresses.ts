/** Which of its addresses a place is spoken to by. */
import type { Container, Endpoint } from '../../model/docker.ts';
import type { Host, Model } from '../../model/model.ts';
import type { InterfaceAddress, IpVersion, Link, Netns } from '../../model/network.ts';
import { familyOf, inPrefix } from '../../util/ip.ts';
import { allNetns, distinct, networkIdentity, type Placed } from './places.ts';
import type { Source } from './types.ts';

interface Held {
  readonly link: Link;
  readonly address: InterfaceAddress;
}

function held(netns: Netns): readonly Held[] {
  return netns.links.known ? netns.links.value.flatMap((link) => link.addresses.map((address) => ({ link, address }))) : [];
}

/** Namespaces that have the address on an interface, up or down (the weak host model of Linux). */
export function ownersOf(model: Model, address: string): readonly Placed<Netns>[] {
  return distinct(allNetns(model).filter(({ it }) => held(it).some((h) => h.address.address === address)));
}

/** Usable by others: not of link or host scope. */
function reachable(netns: Netns, family: IpVersion | undefined): readonly Held[] {
  return held(netns).filter(
    ({ address }) => address.usable && address.scope !== 'link' && address.scope !== 'host' && (family === undefined || address.family === family),
  );
}

function sourceAddresses(source: Source): readonly string[] {
  switch (source.kind) {
    case 'netns':
      return held(source.netns).map((h) => h.address.address);
    case 'outside':
      return source.address === null ? [] : [source.address];
    case 'stopped':
      return [];
  }
}

function defaultDevices(netns: Netns): ReadonlySet<string> {
  const routes = [netns.routes[4], netns.routes[6]].flatMap((known) => (known.known ? known.value : []));
  const defaults = routes.filter((r) => r.table === 'main' && r.type === 'unicast' && (r.dst === '0.0.0.0/0' || r.dst === '::/0'));
  return new Set(defaults.flatMap((r) => r.nexthops.flatMap((hop) => (hop.dev === null ? [] : [hop.dev]))));
}

/** IPv4 unless there is none: what most clients try first where no name was asked for. */
function preferred(candidates: readonly Held[]): string | null {
  return (candidates.find((h) => h.address.family === 4) ?? candidates[0])?.address.address ?? null;
}

/** Two machines that both use 172.17.0.0/16 for their containers do not share a link: networks of engines stay on their machine. */
function mayBeShared(source: Source, host: Host, link: Link): boolean {
  if (source.kind !== 'netns' || source.host === host) return true;
  return !(host.networks.known && host.networks.value.some((n) => n.bridge === link.name));
}

/** The address on a link it shares with the source; else that of its default route's interface; else the first. Null: it has none. */
function addressOfNetns(source: Source, host: Host, netns: Netns, family: IpVersion | undefined): string | null {
  const all = reachable(netns, family);
  const primary = all.filter((h) => !h.address.secondary);
  const sources = sourceAddresses(source);
  const near = primary.filter(
    ({ link, address }) =>
      mayBeShared(source, host, link) && sources.some((s) => familyOf(s) === address.family && inPrefix(`${address.address}/${address.prefix}`, s)),
  );
  const devices = defaultDevices(netns);
  return preferred(near) ?? preferred(primary.filter((h) => devices.has(h.link.name))) ?? preferred(primary.filter((h) => h.link.up)) ?? preferred(all);
}

export function ownNetns(model: Model, host: Host): Netns | null {
  return host.ownNetns === null ? null : (model.namespaces.get(host.ownNetns) ?? null);
}

function addressOf(endpoint: Endpoint, family: IpVersion | undefined): string | null {
  if (family === 4) return endpoint.ipv4;
  if (family === 6) return endpoint.ipv6;
  return endpoint.ipv4 ?? endpoint.ipv6;
}

/** Docker's order: the network it was created with, then as listed. */
function inDockerOrder(container: Container): readonly Endpoint[] {
  const first = container.endpoints.filter((e) => e.networkName === container.networkMode);
  return [...first, ...container.endpoints.filter((e) => e.networkName !== container.networkMode)];
}

export type ContainerAddress = { readonly address: string } | { readonly why: 'none-mode' | 'no-endpoint' | 'family' | 'unknown' };

/** On a network it shares with the source, else in Docker's order; Docker names none for other engines' plugins: then from its namespace. */
export function addressOfContainer(model: Model, source: Source, placed: Placed<Container>, family: IpVersion | undefined): ContainerAddress {
  const identity = networkIdentity(model, placed.it);
  // the owner was started anew and has another namespace; the guest stays in the old one, which nothing is plugged into
  const leftBehind = identity !== placed.it && identity.netns !== null && placed.it.netns !== null && identity.netns !== placed.it.netns;
  if (leftBehind) return netnsAddress(source, placed.host, model.namespaces.get(placed.it.netns) ?? null, family);
  if (identity.networkMode === 'host') return netnsAddress(source, placed.host, ownNetns(model, placed.host), family);
  if (identity.networkMode === 'none' && identity.endpoints.every((e) => e.ipv4 === null && e.ipv6 === null)) return { why: 'none-mode' };
  const from = source.kind === 'netns' && source.container ? networkIdentity(model, source.container) : null;
  const shared = new Set(from?.endpoints.map((e) => e.networkId).filter((id) => id !== '') ?? []);
  const ordered = inDockerOrder(identity);
  for (const endpoint of [...ordered.filter((e) => shared.has(e.networkId)), ...ordered]) {
    const address = addressOf(endpoint, family);
    if (address !== null) return { address };
  }
  if (ordered.some((e) => addressOf(e, undefined) !== null)) return { why: 'family' };
  const netns = placed.it.netns === null ? null : (model.namespaces.get(placed.it.netns) ?? null);
  const found = netnsAddress(source, placed.host, netns, family);
  return 'address' in found || found.why === 'family' ? found : { why: 'no-endpoint' };
}

export function netnsAddress(source: Source, host: Host, netns: Netns | null, family: IpVersion | undefined): ContainerAddress {
  if (!netns?.links.known) return { why: 'unknown' };
  const address = addressOfNetns(source, host, netns, family);
  if (address !== null) return { address };
  return { why: addressOfNetns(source, host, netns, undefined) === null ? 'no-endpoint' : 'family' };
}
