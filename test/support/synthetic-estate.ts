/** Docker hosts made of facts, with the rules, mappings and port sets that an engine of release 20 writes. */
import type { EstateFacts, Fact, HostFacts } from '../../src/model/facts.ts';
import { type ContainerSketch, fact, hostFacts, id, type LinkSketch, type NetnsSketch, network, networkId } from './estate.ts';

const SYSCTLS = ['net.bridge.bridge-nf-call-iptables = 1', 'net.ipv4.ip_forward = 1', 'net.ipv4.conf.all.rp_filter = 0', 'net.ipv4.ip_default_ttl = 64', ''];
const RULES = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 32766, src: 'all', table: 'main' },
];
/** What the containers of a network listen on; every fourth of the first kind is published. */
const SERVICES = [80, 5432, 6379, 9000] as const;

export interface EstateShape {
  readonly hosts: number;
  /** On each host. */
  readonly containers: number;
  /** Bridge networks of each host. */
  readonly networks: number;
}

interface Guest {
  readonly index: number;
  readonly name: string;
  readonly net: number;
  readonly address: string;
  readonly service: number;
  /** On the host. */
  readonly published: number | null;
}

const bridgeOf = (name: string) => `br-${networkId(name).slice(0, 12)}`;
const hex = (value: number) => value.toString(16).padStart(2, '0');
const mac = (kind: number, host: number, i: number) => `02:${hex(kind)}:${hex(host >> 8)}:${hex(host & 255)}:${hex(i >> 8)}:${hex(i & 255)}`;

function connected(subnet: string, address: string, dev: string): unknown[] {
  const common = { dev, protocol: 'kernel', prefsrc: address, flags: [] };
  return [
    { dst: subnet, scope: 'link', ...common },
    { type: 'local', dst: address, table: 'local', scope: 'host', ...common },
  ];
}

function save(networks: readonly { readonly bridge: string; readonly subnet: string }[], guests: readonly Guest[], extra: readonly string[]): string {
  const bridge = (guest: Guest) => networks[guest.net]!.bridge;
  const mapped = guests.filter((guest) => guest.published !== null);
  return [
    '*nat',
    ...[':PREROUTING ACCEPT [0:0]', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ':DOCKER - [0:0]'],
    '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
    '-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
    ...networks.map((n) => `-A POSTROUTING -s ${n.subnet} ! -o ${n.bridge} -j MASQUERADE`),
    ...mapped.map((g) => `-A POSTROUTING -s ${g.address}/32 -d ${g.address}/32 -p tcp -m tcp --dport ${g.service} -j MASQUERADE`),
    ...networks.map((n) => `-A DOCKER -i ${n.bridge} -j RETURN`),
    ...mapped.map((g) => `-A DOCKER ! -i ${bridge(g)} -p tcp -m tcp --dport ${g.published} -j DNAT --to-destination ${g.address}:${g.service}`),
    'COMMIT',
    '*filter',
    ...[':INPUT ACCEPT [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ':DOCKER - [0:0]', ':DOCKER-ISOLATION-STAGE-1 - [0:0]'],
    ...[':DOCKER-ISOLATION-STAGE-2 - [0:0]', ':DOCKER-USER - [0:0]', '-A FORWARD -j DOCKER-USER', '-A FORWARD -j DOCKER-ISOLATION-STAGE-1'],
    ...networks.flatMap(({ bridge: b }) => [
      `-A FORWARD -o ${b} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      `-A FORWARD -o ${b} -j DOCKER`,
      `-A FORWARD -i ${b} ! -o ${b} -j ACCEPT`,
      `-A FORWARD -i ${b} -o ${b} -j ACCEPT`,
    ]),
    ...mapped.map((g) => `-A DOCKER -d ${g.address}/32 ! -i ${bridge(g)} -o ${bridge(g)} -p tcp -m tcp --dport ${g.service} -j ACCEPT`),
    ...networks.map(({ bridge: b }) => `-A DOCKER-ISOLATION-STAGE-1 -i ${b} ! -o ${b} -j DOCKER-ISOLATION-STAGE-2`),
    '-A DOCKER-ISOLATION-STAGE-1 -j RETURN',
    ...networks.map(({ bridge: b }) => `-A DOCKER-ISOLATION-STAGE-2 -o ${b} -j DROP`),
    '-A DOCKER-ISOLATION-STAGE-2 -j RETURN',
    ...extra.map((rule) => `-A DOCKER-USER ${rule}`),
    '-A DOCKER-USER -j RETURN',
    'COMMIT',
    '',
  ].join('\n');
}

/** `extra`: rules of the first host's DOCKER-USER, ahead of the engine's own. */
export function syntheticEstate(shape: EstateShape, extra: readonly string[] = []): EstateFacts {
  return Array.from({ length: shape.hosts }, (_, host) => syntheticDockerHost(shape, host, host === 0 ? extra : []));
}

function syntheticDockerHost(shape: EstateShape, host: number, extra: readonly string[]): HostFacts {
  const own = String(4026000000 + host * 10_000);
  const networks = Array.from({ length: shape.networks }, (_, i) => {
    const name = `net${i}`;
    const at = `10.${64 + host}.${i * 16}`;
    return { name, bridge: bridgeOf(name), subnet: `${at}.0/20`, gateway: `${at}.1` };
  });
  const guests = Array.from({ length: shape.containers }, (_, index): Guest => {
    const net = index % shape.networks;
    const place = 2 + Math.floor(index / shape.networks);
    const service = SERVICES[Math.floor(index / shape.networks) % SERVICES.length]!;
    const address = `10.${64 + host}.${net * 16 + (place >> 8)}.${place & 255}`;
    return { index, name: `c${index}`, net, address, service, published: index % 4 === 0 ? 20_000 + index : null };
  });
  const containers = guests.map((g): ContainerSketch => {
    const given = g.published === null ? {} : { [`${g.service}/tcp`]: [{ HostIp: '0.0.0.0', HostPort: String(g.published) }] };
    return {
      id: idOf(host, g),
      name: g.name,
      mode: networks[g.net]!.name,
      endpoints: [{ network: networks[g.net]!.name, ipv4: g.address }],
      asked: given,
      given,
    };
  });
  const inside = guests.map((g): NetnsSketch => {
    const net = networks[g.net]!;
    const eth0: LinkSketch = { name: 'eth0', index: 10_000 + g.index, kind: 'veth', peer: 20_000 + g.index, nsid: 0, mac: mac(1, host, g.index) };
    return {
      inode: String(Number(own) + 1 + g.index),
      containers: [idOf(host, g)],
      links: [{ ...eth0, addresses: [`${g.address}/20`] }],
      routes: [{ dst: 'default', gateway: net.gateway, dev: 'eth0', flags: [] }, ...connected(net.subnet, g.address, 'eth0')],
      listeners: `tcp LISTEN 0      9      0.0.0.0:${g.service}   0.0.0.0:* ino:9 sk:1 cgroup:/ <->\n`,
      sysctls: SYSCTLS.join('\n'),
    };
  });
  const bridges = networks.map((n, i): LinkSketch => ({ name: n.bridge, index: 3 + i, kind: 'bridge', mac: mac(2, host, i), addresses: [`${n.gateway}/20`] }));
  const ports = guests.map((g): LinkSketch => {
    const end = { name: `veth${g.index}`, index: 20_000 + g.index, kind: 'veth', peer: 10_000 + g.index, nsid: 1 + g.index };
    return { ...end, master: networks[g.net]!.bridge, mac: mac(3, host, g.index) };
  });
  const address = `192.0.2.${10 + host}`;
  const ground: NetnsSketch = {
    inode: own,
    kind: 'host',
    links: [{ name: 'eth0', index: 2, mac: mac(4, host, 0), addresses: [`${address}/24`] }, ...bridges, ...ports],
    routes: [
      { dst: 'default', gateway: '192.0.2.1', dev: 'eth0', flags: [] },
      ...connected('192.0.2.0/24', address, 'eth0'),
      ...networks.flatMap((n) => connected(n.subnet, n.gateway, n.bridge)),
    ],
    listeners: 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* ino:501 sk:1 cgroup:/ <->\n',
    sysctls: SYSCTLS.join('\n'),
    iptables: save(networks, guests, extra),
  };
  const namespaces = [ground, ...inside];
  const instead: Fact[] = [
    fact(
      'bridge.link',
      guests.map((g) => ({ ifname: `veth${g.index}`, master: networks[g.net]!.bridge, state: 'forwarding' })),
      own,
    ),
    fact('bridge.vlan', [], own),
    fact('bridge.fdb', [], own),
    ...namespaces.map(({ inode }) => fact('ip.rule', RULES, inode)),
  ];
  const docker = networks.map((n) => network(n.name, { IPAM: { Driver: 'default', Config: [{ Subnet: n.subnet, Gateway: n.gateway }] } }));
  return hostFacts({ name: `h${host}`, networks: docker, containers, namespaces, instead });
}

const idOf = (host: number, { index }: Guest) => id(`${(0xc0 + host).toString(16)}${index.toString(16).padStart(6, '0')}`);
