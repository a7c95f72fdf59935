/** Ways that lead elsewhere: routes, subnets, bridges, tunnels. None gets in another's way. */
import type { Scenario, Step } from '../scenario.ts';
import { HOSTS, web } from '../world.ts';

/** A network with one container in it, for something to be broken there alone. */
const own = (network: string, container: string, options = ''): readonly Step[] => [
  { docker: `network create ${network}` },
  web(container, `--network ${network} ${options}`),
];

export const ways: readonly Scenario[] = [
  {
    name: 'a Docker network that covers addresses of the office',
    setup: [{ docker: 'network create --subnet 198.18.{n}.0/24 wide' }, web('lost', '--network wide'), { outside: 'ip addr add 198.18.{n}.10/32 dev lo' }],
    undo: [{ outside: 'ip addr del 198.18.{n}.10/32 dev lo' }],
    ask: [
      { from: 'host', to: '198.18.{n}.10', port: 7000, cause: 'SUBNET_OVERLAP' },
      { from: '@lost', to: '198.18.{n}.10', port: 7000, cause: 'SUBNET_OVERLAP' },
      { from: '@plain', to: '198.18.{n}.10', port: 7000, cause: 'SUBNET_OVERLAP' },
    ],
  },
  {
    name: 'a policy rule that sends containers into a tunnel',
    setup: [
      ...own('vpn', 'routed'),
      { host: 'ip link add wg9 type veth peer name wg9end' },
      { host: 'ip addr add 10.93.{n}.1/24 dev wg9' },
      { host: 'ip link set wg9 up' },
      { host: 'ip link set wg9end up' },
      { host: 'ip route add default via 10.93.{n}.2 dev wg9 table 51820' },
      { host: 'ip rule add from {subnet:vpn} lookup 51820 pref 5001' },
      { host: 'ip rule add from {subnet:vpn} lookup main suppress_prefixlength 0 pref 5000' },
    ],
    undo: [{ host: 'ip rule del pref 5000' }, { host: 'ip rule del pref 5001' }, { host: 'ip link del wg9' }],
    ask: [
      { from: '@routed', to: '192.0.2.10', port: 80, cause: 'POLICY_ROUTED' },
      { from: '@routed', to: '{lan}', port: 9000 },
    ],
  },
  {
    name: 'a table of a VPN that has the subnet of the containers',
    setup: [
      ...own('tail', 'netted', '-p 8100:80'),
      { host: 'ip link add tailscale0 type veth peer name ts1' },
      { host: 'ip addr add 100.64.{n}.1/32 dev tailscale0' },
      { host: 'ip link set tailscale0 up' },
      { host: 'ip link set ts1 up' },
      { host: 'ip route add {subnet:tail} dev tailscale0 table 52' },
      { host: 'ip rule add lookup 52 pref 5270' },
    ],
    undo: [{ host: 'ip rule del lookup 52 pref 5270' }, { host: 'ip link del tailscale0' }],
    ask: [
      { from: 'outside', to: 'host', port: 8100, cause: 'POLICY_ROUTED' },
      { from: 'host', to: '@netted', port: 80, cause: 'POLICY_ROUTED' },
      { from: '@netted', to: 'laptop', port: 7000, cause: 'POLICY_ROUTED' },
    ],
  },
  {
    name: 'a bridge that lost its address',
    setup: [...own('bare', 'orphan', '-p 8101:80'), { host: 'ip addr flush dev {bridge:bare}' }],
    ask: [
      { from: '@orphan', to: 'laptop', port: 7000, cause: 'NEIGHBOUR_UNRESOLVED' },
      { from: '@orphan', to: '{gateway:bare}', port: 9000, cause: 'NEIGHBOUR_UNRESOLVED' },
    ],
  },
  {
    name: 'a container whose link was taken off its bridge',
    setup: [web('adrift', '--network front -p 8102:80'), { host: 'ip link set {veth:adrift} nomaster' }],
    ask: [
      { from: '@adrift', to: '@api', port: 80, cause: 'BRIDGE_PORT_MISSING' },
      { from: '@adrift', to: 'laptop', port: 7000, cause: 'BRIDGE_PORT_MISSING' },
      { from: 'outside', to: 'host', port: 8102, cause: 'BRIDGE_PORT_MISSING' },
      { from: '@www', to: '@adrift', port: 80, cause: 'BRIDGE_PORT_MISSING' },
    ],
  },
  {
    name: 'a container of two networks answers by the internal one',
    setup: [
      web('twonet', '--network front -p 8098:80'),
      { docker: 'network connect inner @twonet' },
      { container: 'twonet', run: 'ip route replace default via {gateway:inner}' },
    ],
    ask: [
      { from: 'outside', to: 'host', port: 8098, cause: 'INTERNAL_NETWORK' },
      { from: '@twonet', to: 'laptop', port: 7000, cause: 'INTERNAL_NETWORK' },
    ],
  },
  {
    name: 'macvlan: the LAN reaches it, its own host does not',
    setup: [
      { docker: 'network create -d macvlan --subnet 10.77.0.0/24 --gateway 10.77.0.254 -o parent=eth0 mac' },
      web('phys', '--network mac --ip 10.77.0.15{n}'),
    ],
    ask: [
      { from: 'host', to: '@phys', port: 80, cause: 'MACVLAN_HOST_ISOLATION' },
      { from: '@phys', to: '{lan}', port: 9000, cause: 'MACVLAN_HOST_ISOLATION' },
      { from: 'laptop', to: '@phys', port: 80 },
      { from: '@phys', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'hairpin is off on the port of the bridge',
    on: ['e20noproxy'],
    setup: [web('self', '--network front -p 8097:80'), { host: 'bridge link set dev {veth:self} hairpin off' }],
    ask: [
      { from: '@self', to: '{lan}', port: 8097, cause: 'HAIRPIN_NOT_TRANSLATED' },
      { from: '@www', to: '{lan}', port: 8097 },
    ],
  },
  {
    name: 'VXLAN on every host',
    on: HOSTS.map(({ name }) => name),
    setup: [
      { host: 'ip link add vx0 type vxlan id 42 local {lan} dstport 8472' },
      { host: 'ip addr add 10.244.0.{n}/24 dev vx0' },
      { host: 'ip link set vx0 up' },
      { host: 'bridge fdb append 00:00:00:00:00:00 dev vx0 dst {peer}' },
      { host: 'bridge fdb append 00:00:00:00:00:00 dev vx0 dst {prev}' },
    ],
    undo: [{ host: 'ip link del vx0' }],
    ask: [{ from: 'host', to: '10.244.0.{n}', port: 9000 }],
  },
  {
    name: 'VXLAN between the hosts',
    // Not before e26, whose own question for an address would tell the asker its MAC address.
    on: ['e20', 'e20legacy', 'e28'],
    ask: [{ from: 'host', to: '10.244.0.{peern}', port: 9000 }],
  },
  {
    name: 'a firewall that forgets VXLAN',
    on: ['e26'],
    setup: [{ host: 'iptables -w -I INPUT -p udp --dport 8472 -j DROP' }],
    undo: [{ host: 'iptables -w -D INPUT -p udp --dport 8472 -j DROP' }],
    ask: [{ from: 'host', to: '10.244.0.{peern}', port: 9000, cause: 'OVERLAY_UNDERLAY_BLOCKED' }],
  },
];
