/** Things added to the standing hosts that get in nobody else's way. */
import type { Scenario } from '../scenario.ts';
import { web } from '../world.ts';

export const added: readonly Scenario[] = [
  {
    name: 'routes of the host that say no',
    setup: [
      { host: 'ip route add blackhole 10.97.1.0/24' },
      { host: 'ip route add unreachable 10.97.2.0/24' },
      { host: 'ip route add prohibit 10.97.3.0/24' },
      { host: 'ip route add throw 10.97.4.0/24' },
    ],
    undo: ['blackhole 10.97.1.0/24', 'unreachable 10.97.2.0/24', 'prohibit 10.97.3.0/24', 'throw 10.97.4.0/24'].map((route) => ({
      host: `ip route del ${route}`,
    })),
    ask: [
      ...['10.97.1.1', '10.97.2.1', '10.97.3.1'].flatMap((to) => [
        { from: 'host', to, port: 80 },
        { from: 'host', to, port: 53, protocol: 'udp' as const },
        { from: '@plain', to, port: 80 },
        { from: '@api', to, port: 53, protocol: 'udp' as const },
      ]),
      { from: '@www', to: '10.97.1.1', protocol: 'icmp' },
      { from: '@www', to: '10.97.3.1', protocol: 'icmp' },
    ],
  },
  {
    name: 'policy rules of the host that say no',
    setup: [
      { host: 'ip rule add to 10.96.1.0/24 unreachable' },
      { host: 'ip rule add to 10.96.2.0/24 prohibit' },
      { host: 'ip rule add from {subnet:back} to {outside} blackhole' },
    ],
    undo: [
      { host: 'ip rule del to 10.96.1.0/24 unreachable' },
      { host: 'ip rule del to 10.96.2.0/24 prohibit' },
      { host: 'ip rule del from {subnet:back} to {outside} blackhole' },
    ],
    ask: [
      { from: 'host', to: '10.96.1.1', port: 80 },
      { from: 'host', to: '10.96.2.1', port: 80 },
      { from: '@plain', to: '10.96.1.1', port: 80 },
      { from: '@api', to: '10.96.2.1', port: 80 },
      { from: '@db', to: 'laptop', port: 7000 },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'a container asked directly through a route on the LAN',
    on: ['e20', 'e26', 'e28'],
    setup: [
      { outside: 'ip route add {subnet:front} via {lan}' },
      { outside: 'ip route add {subnet:bridge} via {lan}' },
      { outside: 'ip route add {subnet:inner} via {lan}' },
    ],
    undo: [
      { outside: 'ip route del {subnet:front} via {lan}' },
      { outside: 'ip route del {subnet:bridge} via {lan}' },
      { outside: 'ip route del {subnet:inner} via {lan}' },
    ],
    ask: [
      { from: 'outside', to: '@api', port: 80 },
      { from: 'outside', to: '{address:www:front}', port: 80 },
      { from: 'outside', to: '@plain', port: 80 },
      { from: 'outside', to: '@other', protocol: 'icmp' },
      { from: 'outside', to: '@inner1', port: 80 },
    ],
  },
  {
    name: 'a container of the next host by a route between the hosts',
    on: ['e20noproxy', 'e26'],
    setup: [{ host: 'ip route add {peersubnet:front} via {peer}' }],
    undo: [{ host: 'ip route del {peersubnet:front} via {peer}' }],
    ask: [
      { from: 'host', to: 'peer:@api', port: 80 },
      { from: '@plain', to: 'peer:@api', port: 53, protocol: 'udp' },
    ],
  },
  {
    name: 'a DNAT rule to an address that nobody has any more',
    setup: [
      { host: 'iptables -w -t nat -A DOCKER ! -i docker0 -p tcp --dport 8077 -j DNAT --to-destination {dead:bridge}:80' },
      { host: 'iptables -w -I DOCKER-USER -d {dead:bridge} -j ACCEPT' },
    ],
    undo: [
      { host: 'iptables -w -D DOCKER-USER -d {dead:bridge} -j ACCEPT' },
      { host: 'iptables -w -t nat -D DOCKER ! -i docker0 -p tcp --dport 8077 -j DNAT --to-destination {dead:bridge}:80' },
    ],
    ask: [
      { from: 'outside', to: 'host', port: 8077, cause: 'STALE_DNAT' },
      { from: 'host', to: '{lan}', port: 8077, cause: 'STALE_DNAT' },
    ],
  },
  {
    name: 'named namespaces',
    setup: [
      { host: 'ip netns add client-{host}' },
      { host: 'ip link add to-client type veth peer name eth0 netns client-{host}' },
      { host: 'ip addr add 10.95.{n}.1/24 dev to-client' },
      { host: 'ip link set to-client up' },
      { host: 'ip -n client-{host} link set lo up' },
      { host: 'ip -n client-{host} addr add 10.95.{n}.2/24 dev eth0' },
      { host: 'ip -n client-{host} link set eth0 up' },
      { host: 'ip -n client-{host} route add default via 10.95.{n}.1' },
      { host: 'busybox start-stop-daemon -S -b -m -p /run/client.pid -x /usr/bin/nsenter -- --net=/run/netns/client-{host} busybox httpd -f -p 80' },
    ],
    undo: [{ host: 'busybox start-stop-daemon -K -p /run/client.pid' }, { host: 'ip link del to-client' }, { host: 'ip netns del client-{host}' }],
    ask: [
      { from: 'netns:client-{host}', to: '10.95.{n}.1', port: 9000 },
      { from: 'netns:client-{host}', to: '{lan}', port: 8080 },
      { from: 'netns:client-{host}', to: '@plain', port: 80 },
      { from: 'netns:client-{host}', to: 'laptop', port: 7000, unknowable: true },
      { from: 'netns:client-{host}', to: '10.95.{n}.1', protocol: 'icmp' },
      { from: 'host', to: '10.95.{n}.2', port: 80 },
      { from: 'host', to: '10.95.{n}.3', port: 80 },
    ],
  },
  {
    name: 'a mark that sends packets to a table without routes',
    setup: [
      { host: 'iptables -w -t mangle -A PREROUTING -i {bridge:back} -d {outside} -j MARK --set-mark 7' },
      { host: 'ip rule add fwmark 7 lookup 700' },
      { host: 'ip route add unreachable default table 700' },
    ],
    undo: [
      { host: 'ip route del unreachable default table 700' },
      { host: 'ip rule del fwmark 7 lookup 700' },
      { host: 'iptables -w -t mangle -D PREROUTING -i {bridge:back} -d {outside} -j MARK --set-mark 7' },
    ],
    ask: [
      { from: '@db', to: 'laptop', port: 7000 },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'a container that was disconnected from its network',
    setup: [web('lonely', '--network front -p 8099:80'), { docker: 'network disconnect front @lonely' }],
    ask: [
      { from: '@lonely', to: '@api', port: 80, cause: 'NO_NETWORK' },
      { from: 'outside', to: 'host', port: 8099 },
      { from: '@api', to: 'dns:{name:lonely}', port: 80 },
    ],
  },
  {
    name: 'the owner of a shared network is gone',
    setup: [
      web('owner', '--network front'),
      { docker: 'run -d --name @guest --network container:@owner lab/busybox:1 httpd -f -p 8070' },
      { docker: 'kill @owner' },
    ],
    ask: [
      { from: '@guest', to: '{address:api}', port: 80, cause: 'SHARED_NAMESPACE_OWNER_STOPPED' },
      { from: '@guest', to: '127.0.0.1', port: 8070 },
    ],
  },
];
