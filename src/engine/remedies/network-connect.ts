/** docker network connect: a second interface on the network where the other one is. */
import type { Container, DockerNetwork } from '../../model/docker.ts';
import type { Model } from '../../model/model.ts';
import type { Link, Netns, Route } from '../../model/network.ts';
import { fromBigInt, inPrefix, parsePrefix } from '../../util/ip.ts';
import { containersOf, networksOf, type Scene } from '../explain/scene.ts';
import { newPort, type Proposal, type RemedyKind, withNetns } from './proposal.ts';

function propose(scene: Scene): readonly Proposal[] {
  const { source, target } = scene;
  if (source.kind !== 'netns' || !source.container || target.kind !== 'addresses' || !target.container || target.host !== source.host) return [];
  const from = source.container;
  const to = target.container;
  if (['host', 'none'].includes(from.networkMode) || from.sharesNetworkOf || !source.host.ownNetns) return [];
  const networks = networksOf(source.host).filter(
    (n) => n.driver === 'bridge' && n.name !== 'bridge' && to.endpoints.some((e) => e.networkId === n.id) && !from.endpoints.some((e) => e.networkId === n.id),
  );
  return networks.map((network) => ({
    text: `connect ${from.name} to network ${network.name}`,
    commands: [{ host: source.host.name, argv: ['docker', 'network', 'connect', network.name, from.name] }],
    apply: (model) => connected(model, scene, from, network),
    concerns: (flow) => (flow.from.id === from.netns && hasPlace(flow.to, network)) || (flow.to.id === from.netns && hasPlace(flow.from, network)),
  }));
}

/** The new interface leads to the network's own subnet and no further. */
function hasPlace(netns: Netns, network: DockerNetwork): boolean {
  const links = netns.links.known ? netns.links.value : [];
  return links.some((l) => l.addresses.some((a) => network.ipam.some((p) => inPrefix(p.subnet, a.address))));
}

/** The veth pair, address and routes that the engine would make; its rules let a network's own members talk already. */
function connected(model: Model, scene: Scene, from: Container, network: DockerNetwork): Model {
  const host = model.hosts.find((h) => h.name === from.host);
  const pool = network.ipam.find((p) => !p.subnet.includes(':'));
  const prefix = pool && parsePrefix(pool.subnet);
  const address = prefix && pool && freeAddress(scene, prefix.from, prefix.to, pool.gateway);
  if (!host?.ownNetns || !from.netns || !prefix || !address || !network.bridge) return model;
  const source = { source: 'remedy', locator: 'docker network connect' };
  const plain = {
    kind: 'veth',
    mtu: 1500,
    up: true,
    running: true,
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    group: 'default',
    peerIndex: null,
    peerNsid: null,
    source,
  } as const;
  const inner: Link = {
    ...plain,
    name: 'eth-new',
    ifindex: 1_000_000,
    mac: '02:00:00:00:ee:01',
    master: null,
    peer: { netns: host.ownNetns, link: 'veth-new' },
    addresses: [{ family: 4, address, prefix: prefix.length, scope: 'global', secondary: false, usable: true }],
  };
  const outer: Link = {
    ...plain,
    name: 'veth-new',
    ifindex: 1_000_001,
    mac: '02:00:00:00:ee:02',
    master: network.bridge,
    peer: { netns: from.netns, link: 'eth-new' },
    addresses: [],
    port: newPort(network.bridge),
  };
  const route = (part: Pick<Route, 'dst' | 'type' | 'table' | 'scope'>): Route => ({
    family: 4,
    tos: 0,
    metric: 0,
    protocol: 'kernel',
    prefsrc: address,
    nexthops: [{ gateway: null, dev: 'eth-new', weight: 1, onlink: false, dead: false, linkdown: false }],
    source,
    ...part,
  });
  const routes = [
    route({ dst: `${fromBigInt(prefix.from, 4)}/${prefix.length}`, type: 'unicast', table: 'main', scope: 'link' }),
    route({ dst: `${address}/32`, type: 'local', table: 'local', scope: 'host' }),
  ];
  const add =
    (link: Link, more: readonly Route[]) =>
    (ns: Netns): Netns => ({
      ...ns,
      links: ns.links.known ? { known: true, value: [...ns.links.value, link] } : ns.links,
      routes: { ...ns.routes, 4: ns.routes[4].known ? { known: true, value: [...ns.routes[4].value, ...more] } : ns.routes[4] },
    });
  return withNetns(withNetns(model, from.netns, add(inner, routes)), host.ownNetns, add(outer, []));
}

function freeAddress(scene: Scene, from: bigint, to: bigint, gateway: string | null): string | null {
  const host = scene.model.hosts.find((h) => scene.source.kind === 'netns' && h.name === scene.source.host.name) ?? null;
  const taken = new Set(containersOf(host).flatMap((c) => c.endpoints.map((e) => e.ipv4)));
  for (let n = to - 1n; n > from && n > to - 300n; n--) {
    const address = fromBigInt(n, 4);
    if (address !== gateway && !taken.has(address) && !inPrefix('127.0.0.0/8', address)) return address;
  }
  return null;
}

export const connect: RemedyKind = {
  causes: ['DIFFERENT_NETWORKS', 'INTERNAL_NETWORK', 'RAW_TABLE_DIRECT_ACCESS_DROP', 'NO_ROUTE', 'PORT_NOT_PUBLISHED'],
  propose,
};
