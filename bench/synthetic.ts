/** A Docker host made of facts: containers on three user bridges, and as many filter rules as wanted. */
import type { EstateFacts, Fact } from '../src/model/facts.ts';
import { type ContainerSketch, fact, hostFacts, id, type LinkSketch, type NetnsSketch, network, networkId } from '../test/support/estate.ts';
import { filterTable } from './synthetic-rules.ts';

const NETWORKS = ['front', 'back', 'data'] as const;
const HOST = '4026531840';
const SYSCTLS = ['net.bridge.bridge-nf-call-iptables = 1', 'net.ipv4.ip_forward = 1', 'net.ipv4.conf.all.rp_filter = 0', 'net.ipv4.ip_default_ttl = 64', ''];
const LISTENS = 'tcp LISTEN 0      9      0.0.0.0:80   0.0.0.0:* ino:9 sk:1 cgroup:/ <->\n';
const RULES = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 32766, src: 'all', table: 'main' },
];

const mac = (i: number) => `02:42:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
const bridgeOf = (name: string) => `br-${networkId(name).slice(0, 12)}`;

function connected(subnet: string, address: string, dev: string): unknown[] {
  const common = { dev, protocol: 'kernel', prefsrc: address, flags: [] };
  return [
    { dst: subnet, scope: 'link', ...common },
    { type: 'local', dst: address, table: 'local', scope: 'host', ...common },
  ];
}

interface Guest {
  readonly index: number;
  readonly name: string;
  readonly network: (typeof NETWORKS)[number];
  readonly subnet: string;
  readonly gateway: string;
  readonly address: string;
}

/** As the bench's real host has them: c0 on front, c1 on back, c2 on data, c3 on front ... */
function guest(index: number): Guest {
  const at = index % NETWORKS.length;
  const net = `172.${18 + at}`;
  const address = `${net}.0.${2 + Math.floor(index / NETWORKS.length)}`;
  return { index, name: `c${index}`, network: NETWORKS[at]!, subnet: `${net}.0.0/16`, gateway: `${net}.0.1`, address };
}

const inodeOf = ({ index }: Guest) => String(4026532000 + index);
const idOf = ({ index }: Guest) => id((0xc0000 + index).toString(16));

function container(guest: Guest): ContainerSketch {
  return { id: idOf(guest), name: guest.name, mode: guest.network, endpoints: [{ network: guest.network, ipv4: guest.address }] };
}

function insideOf(guest: Guest): NetnsSketch {
  const eth0: LinkSketch = { name: 'eth0', index: 1000 + guest.index, kind: 'veth', peer: 2000 + guest.index, nsid: 0, mac: mac(guest.index) };
  return {
    inode: inodeOf(guest),
    containers: [idOf(guest)],
    links: [{ ...eth0, addresses: [`${guest.address}/16`] }],
    routes: [{ dst: 'default', gateway: guest.gateway, dev: 'eth0', flags: [] }, ...connected(guest.subnet, guest.address, 'eth0')],
    listeners: LISTENS,
    sysctls: SYSCTLS.join('\n'),
  };
}

function hostNetns(guests: readonly Guest[], iptables: string): NetnsSketch {
  const networks = guests.slice(0, NETWORKS.length);
  const bridges = networks.map(
    ({ network, gateway }, i): LinkSketch => ({ name: bridgeOf(network), index: 3 + i, kind: 'bridge', mac: mac(3000 + i), addresses: [`${gateway}/16`] }),
  );
  const ports = guests.map(
    ({ index, network }): LinkSketch => ({
      name: `veth${index}`,
      index: 2000 + index,
      kind: 'veth',
      peer: 1000 + index,
      nsid: 1 + index,
      master: bridgeOf(network),
      mac: mac(4000 + index),
    }),
  );
  const routes = networks.flatMap(({ network, subnet, gateway }) => connected(subnet, gateway, bridgeOf(network)));
  return {
    inode: HOST,
    kind: 'host',
    links: [{ name: 'eth0', index: 2, addresses: ['192.0.2.10/24'] }, ...bridges, ...ports],
    routes: [{ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', flags: [] }, ...connected('192.0.2.0/24', '192.0.2.10', 'eth0'), ...routes],
    sysctls: SYSCTLS.join('\n'),
    iptables,
  };
}

/** One host of 30 containers with `rules` rules in its filter table. */
export function syntheticHost(name: string, rules: number): EstateFacts {
  const guests = Array.from({ length: 30 }, (_, i) => guest(i));
  const published = guests.map(({ address, network }) => ({ address, bridge: bridgeOf(network) }));
  const { save, nft } = filterTable(rules, NETWORKS.map(bridgeOf), published);
  const namespaces = [hostNetns(guests, save), ...guests.map(insideOf)];
  const ports = guests.map(({ index, network }) => ({ ifname: `veth${index}`, master: bridgeOf(network), state: 'forwarding' }));
  const instead: Fact[] = [
    fact('bridge.link', ports, HOST),
    fact('bridge.vlan', [], HOST),
    fact('bridge.fdb', [], HOST),
    fact('nft', nft, HOST),
    ...namespaces.map(({ inode }) => fact('ip.rule', RULES, inode)),
  ];
  const networks = guests
    .slice(0, NETWORKS.length)
    .map(({ network: n, subnet, gateway }) => network(n, { IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] } }));
  return [hostFacts({ name, networks, containers: guests.map(container), namespaces, instead })];
}
