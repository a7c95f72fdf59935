/** What makes worlds odd: routes, policy rules, kernel settings, links and bridge ports that are not as one would expect. */
import { around, deviceOf, someFlow } from './flow.ts';
import { add, type Draft, type Family, giveAddress, hosts, ipsOf, type Node, routers, subnet } from './topology.ts';

type Twist = (d: Draft, node: Node, family: Family) => void;
const nodes = (d: Draft): Node[] => [...hosts(d), ...routers(d), ...routers(d)];
const six = (family: Family): string => (family === 6 ? '-6 ' : '');
const via = (d: Draft, node: Node, family: Family): string | null => {
  const gateways = node.devices.flatMap(({ peer }) => (peer ? ipsOf(d.nodes.find((n) => n.name === peer.node)!, family) : []));
  const near = gateways.filter((ip) => node.addresses.some((a) => a.family === family && a.ip.replace(/[^.:]+$/, '') === ip.replace(/[^.:]+$/, '')));
  return near.length > 0 ? d.dice.pick(near) : null;
};

const blockedRoute: Twist = (d, node, family) => {
  const type = d.dice.pick(['blackhole', 'unreachable', 'prohibit', 'throw']);
  const dst = d.dice.pick([someFlow(d, family).dst, someFlow(d, family).src, subnet(d, family, d.dice.pick(d.segments).index)]);
  node.routes.push(`${type} ${dst}${d.dice.chance(0.3) ? ' metric 5' : ''}`);
};

const policyRule: Twist = (d, node, family) => {
  const { dice } = d;
  const flow = someFlow(d, family);
  const table = 100 + dice.int(3);
  const selector = dice.weighted([
    [20, `from ${around(d, flow.src)}`],
    [15, `to ${around(d, flow.dst)}`],
    [15, `fwmark ${dice.pick(['0x1', '0x10/0x10', '0x2'])}`],
    [12, `iif ${dice.pick(['lo', deviceOf(d, node)])}`],
    [6, `oif ${deviceOf(d, node)}`],
    [12, `ipproto ${dice.pick(['tcp', 'udp'])} dport ${flow.port}`],
    [5, `ipproto ${family === 4 ? 'icmp' : 'ipv6-icmp'}`],
    [5, `ipproto tcp sport ${dice.pick(['1-1023', '20000-29999'])}`],
    [4, `not from ${around(d, flow.src)}`],
    [3, 'uidrange 0-4294967294'],
  ]);
  const action = dice.weighted([
    [55, `lookup ${table}`],
    [12, 'lookup main suppress_prefixlength 0'],
    [9, 'unreachable'],
    [9, 'prohibit'],
    [9, 'blackhole'],
    [6, 'lookup main'],
  ]);
  add.ip(d, node, `${six(family)}rule add pref ${dice.pick([50, 1000, 40_000])} ${selector} ${action}`);
  const gateway = via(d, node, family);
  const dst = dice.pick(['default', around(d, flow.dst)]);
  const route = dice.weighted([
    [gateway ? 60 : 0, `${dst} via ${gateway}`],
    [10, `unreachable ${dst}`],
    [8, `blackhole ${dst}`],
    [6, `prohibit ${dst}`],
    [10, `throw ${dst}`],
    [6, `${dst} dev ${deviceOf(d, node)}`],
  ]);
  add.ip(d, node, `${six(family)}route replace ${route} table ${table}`);
};

const route: Twist = (d, node, family) => {
  const { dice } = d;
  const gateway = via(d, node, family);
  const flow = someFlow(d, family);
  const dst = dice.pick([flow.dst, around(d, flow.dst), subnet(d, family, dice.pick(d.segments).index)]);
  const dev = deviceOf(d, node);
  const own = ipsOf(node, family);
  const extra = dice.pick(['', ' metric 7', own.length > 0 ? ` src ${dice.pick(own)}` : '', ' metric 4096']);
  node.routes.push(
    dice.weighted([
      [gateway ? 40 : 0, `${dst} via ${gateway}${extra}`],
      [20, `${dst} dev ${dev}${extra}`],
      [15, `${dst} via ${flow.src} dev ${dev} onlink`],
      [gateway ? 10 : 0, `${dst} nexthop via ${gateway} nexthop via ${gateway} weight 2`],
    ]),
  );
};

const lostRoute: Twist = (d, node) => {
  if (node.routes.length > 0) node.routes.splice(d.dice.int(node.routes.length), 1);
};

const wrongGateway: Twist = (d, node) => {
  const at = d.dice.int(Math.max(1, node.routes.length));
  const old = node.routes[at];
  if (old) node.routes[at] = old.replace(/(via \S*[.:])[^.:\s]+/, '$199');
};

const linkDown: Twist = (d, node) => add.ip(d, node, `link set ${d.dice.pick(node.devices).name} down`);

const wrongPrefix: Twist = (d, node, family) => {
  const a = node.addresses.find((x) => x.family === family);
  if (!a) return;
  add.ip(d, node, `addr del ${a.ip}/${a.prefix} dev ${a.dev}`);
  add.ip(
    d,
    node,
    `addr add ${a.ip}/${family === 4 ? d.dice.pick([8, 16, 28, 32]) : d.dice.pick([48, 96, 124, 128])} dev ${a.dev}${family === 6 ? ' nodad' : ''}`,
  );
};

const alias: Twist = (d, node, family) => {
  const n = d.nodes.indexOf(node) + 1;
  const ip = family === 4 ? `10.${d.net}.200.${n}` : `fd00:${d.net}:200::${n}`;
  giveAddress(d, node, d.dice.pick(['lo', deviceOf(d, node)]), ip, family === 4 ? 32 : 128);
  const other = d.dice.pick(nodes(d));
  const gateway = via(d, other, family);
  if (gateway) other.routes.push(`${ip} via ${gateway}`);
  if (d.asks.length > 0 && other !== node) {
    const [protocol, port] = node.listens[0] ? [node.listens[0].protocol, node.listens[0].port] : (['tcp', 80] as const);
    d.asks.push({ from: other.name, to: ip, protocol, port });
  }
};

const staticNeighbour: Twist = (d, node, family) => {
  const flow = someFlow(d, family);
  const dev = deviceOf(d, node);
  add.ip(d, node, d.dice.pick([`neigh replace ${flow.dst} lladdr 02:00:00:00:00:77 dev ${dev} nud permanent`, `neigh add proxy ${flow.dst} dev ${dev}`]));
};

const setting4: Twist = (d, node) => {
  const { dice } = d;
  const dev = deviceOf(d, node);
  const on = dice.pick(['all', dev]);
  const [key, value] = dice.pick([
    [`${on}/rp_filter`, 1],
    [`${on}/rp_filter`, 2],
    ['all/rp_filter', 1],
    [`${dev}/forwarding`, 0],
    [`${on}/accept_local`, 1],
    [`${on}/route_localnet`, 1],
    [`${on}/arp_ignore`, dice.pick([1, 2, 8])],
    [`${on}/arp_filter`, 1],
    [`${on}/arp_announce`, dice.pick([1, 2])],
    [`${on}/proxy_arp`, 1],
    [`${on}/ignore_routes_with_linkdown`, 1],
    [`${on}/src_valid_mark`, 1],
  ] as const);
  add.sysctl(d, node, `ipv4/conf/${key}`, value);
};

const setting6: Twist = (d, node) => {
  const { dice } = d;
  const dev = deviceOf(d, node);
  const on = dice.pick(['all', dev]);
  const [key, value] = dice.pick([
    [`conf/${on}/disable_ipv6`, 1],
    [`conf/${on}/forwarding`, 0],
    [`conf/${on}/proxy_ndp`, 1],
    [`conf/${on}/ignore_routes_with_linkdown`, 1],
    ['bindv6only', 1],
    [`conf/${dev}/force_forwarding`, 1],
    [`conf/${on}/hop_limit`, 2],
  ] as const);
  add.sysctl(d, node, `ipv6/${key}`, value);
};

const settingElse: Twist = (d, node) => {
  const [key, value] = d.dice.pick([
    ['bridge/bridge-nf-call-iptables', 1],
    ['bridge/bridge-nf-call-iptables', 1],
    ['bridge/bridge-nf-call-ip6tables', 1],
    ['bridge/bridge-nf-call-arptables', 1],
    ['ipv4/ip_default_ttl', 2],
    ['ipv4/icmp_echo_ignore_all', 1],
    ['ipv4/icmp_errors_use_inbound_ifaddr', 1],
    ['ipv4/ip_nonlocal_bind', 1],
    ['netfilter/nf_conntrack_tcp_loose', 0],
    ['ipv4/fwmark_reflect', 1],
    ['ipv4/tcp_l3mdev_accept', 1],
  ] as const);
  add.sysctl(d, node, key, value);
};

const bridgePort: Twist = (d) => {
  const ports = d.nodes.flatMap((n) => n.devices.filter((x) => x.kind === 'port').map((x) => [n, x.name] as const));
  if (ports.length === 0) return;
  const [node, port] = d.dice.pick(ports);
  const other = d.dice.pick(ports.filter(([n]) => n === node))[1];
  const lines = d.dice.pick([
    [`link set dev ${port} hairpin on`],
    [`link set dev ${port} isolated on`, `link set dev ${other} isolated on`],
    [`link set dev ${port} flood off`],
    [`link set dev ${port} bcast_flood off`],
    [`link set dev ${port} mcast_flood off`],
    [`link set dev ${port} learning off`],
    [`link set dev ${port} neigh_suppress on`],
    [`link set dev ${port} state 1`],
    [`vlan del vid 1 dev ${port}`, `vlan add vid 20 dev ${port} pvid untagged`],
    [`vlan add vid 20 dev ${port}`],
    [`vlan del vid 1 dev ${port}`],
  ]);
  for (const line of lines) add.bridge(d, node, line);
};

const unplug: Twist = (d) => {
  const ports = d.nodes.flatMap((n) => n.devices.filter((x) => x.kind === 'port').map((x) => [n, x.name] as const));
  if (ports.length > 0) add.ip(d, d.dice.pick(ports)[0], `link set ${d.dice.pick(ports)[1]} nomaster`);
};

const TWISTS: readonly (readonly [number, Twist])[] = [
  [10, blockedRoute],
  [16, policyRule],
  [12, route],
  [6, lostRoute],
  [4, wrongGateway],
  [4, linkDown],
  [4, wrongPrefix],
  [7, alias],
  [5, staticNeighbour],
  [16, setting4],
  [8, setting6],
  [9, settingElse],
  [10, bridgePort],
  [1, unplug],
];

export function drawTwists(d: Draft): void {
  for (let i = d.dice.pick([0, 1, 2, 2, 3, 4]); i > 0; i--) d.dice.weighted(TWISTS)(d, d.dice.pick(nodes(d)), d.dice.pick(d.families));
}
