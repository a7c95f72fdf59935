/** Routers in a row or a ring, hosts on their bridges, switches and cables; addresses, routes and services on all of them. */
import type { Dice } from './dice.ts';
import type { Ask, Item, Listen } from './world.ts';

export type Family = 4 | 6;

export interface Device {
  readonly name: string;
  readonly kind: 'end' | 'port' | 'bridge';
  /** Where the other end of its cable is; null for bridges. */
  readonly peer: { readonly node: string; readonly dev: string } | null;
}

export interface Node {
  readonly name: string;
  readonly router: boolean;
  readonly devices: Device[];
  readonly addresses: { readonly dev: string; readonly ip: string; readonly prefix: number; readonly family: Family }[];
  /** Its part of the routes, apart until all is drawn, so that it can be spoilt. */
  readonly routes: string[];
  readonly listens: Listen[];
}

interface Segment {
  readonly index: number;
  readonly router: Node;
  readonly kind: 'bridge' | 'switch' | 'cable' | 'between';
  readonly dev: string;
  /** Where further cables are plugged in. */
  readonly hub: { readonly node: Node; readonly bridge: string } | null;
}

export interface Draft {
  readonly dice: Dice;
  readonly items: Item[];
  readonly nodes: Node[];
  readonly families: readonly Family[];
  readonly segments: Segment[];
  readonly asks: Ask[];
  readonly net: number;
}

export const SERVICES: readonly (readonly ['tcp' | 'udp', number])[] = [
  ['tcp', 80],
  ['tcp', 8080],
  ['tcp', 5432],
  ['udp', 53],
  ['udp', 514],
];

export const add = {
  ip: (d: Draft, on: Node, line: string): void => void d.items.push({ kind: 'ip', on: on.name, line }),
  bridge: (d: Draft, on: Node, line: string): void => void d.items.push({ kind: 'bridge', on: on.name, line }),
  sysctl: (d: Draft, on: Node, key: string, value: string | number): void => void d.items.push({ kind: 'sysctl', on: on.name, key, value: `${value}` }),
};

export const subnet = (d: Draft, family: Family, index: number): string => (family === 4 ? `10.${d.net}.${index}.0/24` : `fd00:${d.net}:${index}::/64`);
const addressIn = (d: Draft, family: Family, index: number, last: number): string =>
  family === 4 ? `10.${d.net}.${index}.${last}` : `fd00:${d.net}:${index}::${last}`;
export const ipsOf = (node: Node, family: Family): string[] => node.addresses.filter((a) => a.family === family).map(({ ip }) => ip);
export const hosts = (d: Draft): Node[] => d.nodes.filter((n) => !n.router && n.addresses.length > 0);
export const routers = (d: Draft): Node[] => d.nodes.filter((n) => n.router);

function newNode(d: Draft, name: string, router: boolean): Node {
  const node: Node = { name, router, devices: [], addresses: [], routes: [], listens: [] };
  d.nodes.push(node);
  return node;
}

export function giveAddress(d: Draft, node: Node, dev: string, ip: string, prefix: number): void {
  node.addresses.push({ dev, ip, prefix, family: ip.includes(':') ? 6 : 4 });
  add.ip(d, node, `addr add ${ip}/${prefix} dev ${dev}${ip.includes(':') ? ' nodad' : ''}`);
}

function giveAddresses(d: Draft, node: Node, dev: string, index: number, last: number): void {
  for (const family of d.families) giveAddress(d, node, dev, addressIn(d, family, index, last), family === 4 ? 24 : 64);
}

function wire(d: Draft, a: Node, dev: string, b: Node, peerDev: string, port: boolean): void {
  d.items.push({ kind: 'wire', on: a.name, dev, peer: b.name, peerDev });
  a.devices.push({ name: dev, kind: 'end', peer: { node: b.name, dev: peerDev } });
  b.devices.push({ name: peerDev, kind: port ? 'port' : 'end', peer: { node: a.name, dev } });
  add.ip(d, a, `link set ${dev} up`);
  add.ip(d, b, `link set ${peerDev} up`);
}

function newBridge(d: Draft, node: Node, name: string): void {
  node.devices.push({ name, kind: 'bridge', peer: null });
  const options = d.dice.weighted([
    [78, ''],
    [12, ' mcast_snooping 0'],
    [10, ' nf_call_iptables 1 nf_call_ip6tables 1'],
  ]);
  add.ip(d, node, `link add ${name} type bridge forward_delay 0${options}`);
  add.ip(d, node, `link set ${name} up`);
  // not every kernel can (CONFIG_BRIDGE_VLAN_FILTERING)
  if (d.dice.chance(0.08)) add.ip(d, node, `link set ${name} type bridge vlan_filtering 1`);
}

function plug(d: Draft, node: Node, dev: string, segment: Segment): void {
  const { hub } = segment;
  if (!hub) return;
  const port = `p${segment.index}${node.name}`;
  wire(d, node, dev, hub.node, port, true);
  add.ip(d, hub.node, `link set ${port} master ${hub.bridge}`);
}

function newSegment(d: Draft, router: Node, last: Node | null): Segment {
  const index = d.segments.length + 1;
  const kind = last
    ? 'cable'
    : d.dice.weighted<Segment['kind']>([
        [75, 'bridge'],
        [25, 'switch'],
      ]);
  const dev = kind === 'bridge' ? `br${index}` : `eth${index}`;
  const hub = kind === 'cable' ? null : { node: kind === 'bridge' ? router : newNode(d, `s${index}`, false), bridge: `br${index}` };
  if (hub) newBridge(d, hub.node, hub.bridge);
  const segment: Segment = { index, router, kind, dev, hub };
  if (kind === 'switch') plug(d, router, dev, segment);
  if (last) wire(d, last, `eth${last.devices.length}`, router, dev, false);
  giveAddresses(d, router, dev, index, 1);
  d.segments.push(segment);
  return segment;
}

function attach(d: Draft, host: Node, segment: Segment, last: number): void {
  const dev = `eth${host.devices.length}`;
  plug(d, host, dev, segment);
  giveAddresses(d, host, dev, segment.index, last);
}

/** Routers by their distance over cables between them: the next one towards each other. */
function connect(d: Draft, rs: readonly Node[]): void {
  const cables: { a: Node; b: Node; index: number }[] = [];
  const join = (a: Node, b: Node): void => {
    const index = 100 + cables.length;
    wire(d, a, `up${index}`, b, `up${index}`, false);
    giveAddresses(d, a, `up${index}`, index, 1);
    giveAddresses(d, b, `up${index}`, index, 2);
    cables.push({ a, b, index });
  };
  for (let i = 1; i < rs.length; i++) join(rs[i - 1]!, rs[i]!);
  if (rs.length === 3 && d.dice.chance(0.5)) join(rs[2]!, rs[0]!);
  const neighboursOf = (r: Node) => cables.flatMap((c) => (c.a === r ? [{ r: c.b, via: 2, c }] : c.b === r ? [{ r: c.a, via: 1, c }] : []));
  for (const from of rs) {
    for (const segment of d.segments) {
      if (segment.router === from) continue;
      const way = neighboursOf(from).find(({ r }) => r === segment.router) ?? neighboursOf(from)[0];
      if (!way) continue;
      for (const family of d.families) {
        if (d.dice.chance(0.95)) from.routes.push(`${subnet(d, family, segment.index)} via ${addressIn(d, family, way.c.index, way.via)}`);
      }
    }
  }
}

function listen(d: Draft, node: Node): void {
  for (const [protocol, port] of d.dice.some(SERVICES, node.router ? 2 : 2 + d.dice.int(2))) {
    const own = (family: Family): string => d.dice.pick([...ipsOf(node, family), family === 4 ? '127.0.0.1' : '::1']);
    const dev = d.dice.pick([...node.devices.filter((x) => x.kind !== 'port').map((x) => x.name), 'lo']);
    const any4 = { protocol, address: '0.0.0.0', port };
    const any6 = { protocol, address: '::', port };
    const sockets = d.dice.weighted<Listen[]>([
      [30, [any4, { ...any6, v6only: true }]],
      [30, [any6]],
      [8, [any4]],
      [8, [{ ...any6, v6only: true }]],
      [8, [{ protocol, address: own(4), port }]],
      [8, [{ protocol, address: own(6), port }]],
      [5, [{ ...any4, dev }]],
      [5, [{ ...any6, dev }]],
    ]);
    node.listens.push(...sockets);
    for (const socket of sockets) d.items.push({ kind: 'listen', on: node.name, socket });
  }
}

export function drawTopology(d: Draft): void {
  const { dice } = d;
  const count = dice.weighted([
    [45, 1],
    [35, 2],
    [20, 3],
  ]);
  const rs = Array.from({ length: count }, (_, i) => newNode(d, `r${i + 1}`, true));
  for (const r of rs) {
    for (const on of ['ipv4/conf/all', 'ipv6/conf/all']) add.sysctl(d, r, `${on}/forwarding`, dice.chance(0.96) ? 1 : 0);
  }
  for (const r of rs) newSegment(d, r, null);
  if (count < 3 && dice.chance(0.6)) newSegment(d, dice.pick(rs), null);
  let named = 0;
  const newHost = (): Node => newNode(d, `h${++named}`, false);
  const room = (): number => 8 - d.nodes.length;
  for (const segment of [...d.segments]) attach(d, newHost(), segment, 10);
  if (room() > 0 && dice.chance(0.5)) {
    const host = newHost();
    const { index } = newSegment(d, dice.pick(rs), host);
    giveAddresses(d, host, 'eth0', index, 10);
  }
  const hubs = d.segments.filter(({ hub }) => hub);
  for (let last = 11; room() > 0 && last < 13; last++) attach(d, newHost(), dice.pick(hubs), last);
  for (const host of hosts(d)) {
    const segment = d.segments.find(({ index }) => host.addresses[0]?.ip.startsWith(`10.${d.net}.${index}.`))!;
    for (const family of d.families) {
      if (dice.chance(0.95)) host.routes.push(`default via ${addressIn(d, family, segment.index, 1)}`);
    }
    const other = hubs.filter((s) => s !== segment);
    if (other.length > 0 && dice.chance(0.12)) attach(d, host, dice.pick(other), 20 + d.nodes.indexOf(host));
  }
  connect(d, rs);
  for (const node of [...rs, ...hosts(d)]) listen(d, node);
}
