/** One thing changed on the standing hosts at a time; each runs alone and takes its change back. */
import type { Scenario } from '../scenario.ts';

/** The rule goes in first and is taken out by the same words. */
const rule = (backend: 'iptables' | 'iptables-legacy' | 'iptables-nft', table: string, chain: string, spec: string) => ({
  setup: [{ host: `${backend} -w -t ${table} -I ${chain} ${spec}` }],
  undo: [{ host: `${backend} -w -t ${table} -D ${chain} ${spec}` }],
});

const withoutMasquerading = {
  setup: [{ host: 'iptables-save -f /run/saved -t nat' }, { host: 'iptables -w -t nat -F POSTROUTING' }],
  undo: [{ host: 'iptables-restore /run/saved' }],
};

export const altered: readonly Scenario[] = [
  {
    name: 'DOCKER-USER drops',
    ...rule('iptables', 'filter', 'DOCKER-USER', '-p tcp --dport 80 -j DROP'),
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'DOCKER_USER_DROP' },
      { from: '@api', to: '@www', port: 80, cause: 'DOCKER_USER_DROP' },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
      { from: 'host', to: '127.0.0.1', port: 8080 },
      { from: 'host', to: '{lan}', port: 8080 },
    ],
  },
  {
    name: 'DOCKER-USER rejects',
    ...rule('iptables', 'filter', 'DOCKER-USER', '-i eth0 -j REJECT'),
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
      { from: '@api', to: 'laptop', port: 7000 },
      { from: 'outside', to: 'host', port: 9000 },
    ],
  },
  {
    name: 'DOCKER-USER rejects with a reset, and with an administrative prohibition',
    setup: [
      { host: 'iptables -w -I DOCKER-USER -p tcp --dport 7000 -j REJECT --reject-with tcp-reset' },
      { host: 'iptables -w -I DOCKER-USER -p udp --dport 7001 -j REJECT --reject-with icmp-admin-prohibited' },
      { host: 'iptables -w -I DOCKER-USER -p icmp -d {outside} -j REJECT --reject-with icmp-net-prohibited' },
      { host: 'iptables -w -I DOCKER-USER -p tcp --dport 80 -j REJECT --reject-with icmp-host-unreachable' },
      { host: 'iptables -w -I DOCKER-USER -p udp --dport 53 -j REJECT --reject-with icmp-host-unreachable' },
    ],
    undo: [{ host: 'iptables -w -F DOCKER-USER' }, { host: 'iptables -w -A DOCKER-USER -j RETURN' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000 },
      { from: '@api', to: 'laptop', port: 7001, protocol: 'udp' },
      { from: '@api', to: 'laptop', protocol: 'icmp' },
      { from: 'outside', to: 'host', port: 8090 },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'DOCKER-USER allows one client and drops the others',
    setup: [{ host: 'iptables -w -I DOCKER-USER -i eth0 ! -s {outside} -j DROP' }],
    undo: [{ host: 'iptables -w -D DOCKER-USER -i eth0 ! -s {outside} -j DROP' }],
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: '@api', to: 'laptop', port: 7000 },
      { from: 'host', to: 'peer', port: 8080, cause: 'DOCKER_USER_DROP' },
      { from: '@plain', to: 'peer', port: 8090, cause: 'DOCKER_USER_DROP' },
    ],
  },
  {
    name: 'a forgotten ESTABLISHED drops the replies',
    ...rule('iptables', 'filter', 'DOCKER-USER', '-o eth0 -p tcp --sport 80 -j DROP'),
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'connections open and nothing comes: ESTABLISHED is dropped',
    ...rule('iptables', 'filter', 'DOCKER-USER', '-i eth0 -p tcp -m conntrack --ctstate ESTABLISHED -m conntrack --ctdir ORIGINAL -j DROP'),
    ask: [{ from: 'outside', to: 'host', port: 8080 }],
  },
  {
    name: 'the policy of FORWARD alone, with the rules of Docker gone',
    on: ['e20', 'e20legacy', 'e26'],
    setup: [{ host: 'iptables -w -P FORWARD DROP' }, { host: 'iptables-save -f /run/saved' }, { host: 'iptables -w -F FORWARD' }],
    undo: [{ host: 'iptables-restore /run/saved' }],
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'FORWARD_POLICY_DROP' },
      { from: '@api', to: 'laptop', port: 7000, cause: 'FORWARD_POLICY_DROP' },
      { from: '@api', to: '@www', port: 80, cause: 'BRIDGE_NETFILTER' },
      { from: 'host', to: '127.0.0.1', port: 8080 },
    ],
  },
  {
    name: 'the host drops what its containers ask of it',
    ...rule('iptables', 'filter', 'INPUT', '! -i eth0 -p tcp --dport 9000 -j DROP'),
    ask: [
      { from: '@api', to: '{lan}', port: 9000, cause: 'HOST_FIREWALL_DROP' },
      { from: '@plain', to: '{lan}', port: 9000, cause: 'HOST_FIREWALL_DROP' },
      { from: 'outside', to: 'host', port: 9000 },
      { from: '@api', to: '{lan}', port: 9001, protocol: 'udp' },
    ],
  },
  {
    name: 'INPUT with policy DROP lets published ports through, not services',
    setup: [{ host: 'iptables -w -I INPUT -i lo -j ACCEPT' }, { host: 'iptables -w -P INPUT DROP' }],
    undo: [{ host: 'iptables -w -P INPUT ACCEPT' }, { host: 'iptables -w -D INPUT -i lo -j ACCEPT' }],
    ask: [
      { from: 'outside', to: 'host', port: 9000, cause: 'HOST_FIREWALL_DROP' },
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'outside', to: 'host', port: 8085, cause: 'HOST_FIREWALL_DROP' },
      { from: 'outside', to: 'host', protocol: 'icmp' },
      { from: '@db', to: '{lan}', port: 8080 },
      { from: 'host', to: '{lan}', port: 9000 },
      { from: 'host', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'INPUT rejects with a reset',
    ...rule('iptables', 'filter', 'INPUT', '-p tcp --dport 9000 -j REJECT --reject-with tcp-reset'),
    ask: [
      { from: 'outside', to: 'host', port: 9000 },
      { from: 'host', to: '127.0.0.1', port: 9000 },
    ],
  },
  {
    name: 'OUTPUT of the host drops',
    setup: [
      { host: 'iptables -w -I OUTPUT -p tcp -d {outside} --dport 7000 -j DROP' },
      { host: 'iptables -w -I OUTPUT -p udp -d {outside} --dport 7001 -j DROP' },
    ],
    undo: [
      { host: 'iptables -w -D OUTPUT -p tcp -d {outside} --dport 7000 -j DROP' },
      { host: 'iptables -w -D OUTPUT -p udp -d {outside} --dport 7001 -j DROP' },
    ],
    ask: [
      { from: 'host', to: 'laptop', port: 7000 },
      { from: 'host', to: 'laptop', port: 7001, protocol: 'udp' },
      { from: '@shared', to: 'laptop', port: 7000 },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'iptables-legacy drops what iptables-nft shows open',
    on: ['e20', 'e26', 'e28'],
    ...rule('iptables-legacy', 'filter', 'FORWARD', '-p tcp --dport 80 -j DROP'),
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: '@api', to: '@www', port: 80 },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'iptables-nft drops what iptables-legacy shows open',
    on: ['e20legacy'],
    ...rule('iptables-nft', 'filter', 'FORWARD', '-p tcp --dport 80 -j REJECT'),
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: '@api', to: '@www', port: 80 },
    ],
  },
  {
    name: 'a native nftables table drops what Docker accepts',
    setup: [
      { host: 'nft add table inet site' },
      { host: 'nft add chain inet site forward { type filter hook forward priority 10 ; policy accept ; }' },
      { host: 'nft add rule inet site forward iifname eth0 tcp dport 80 counter drop' },
      { host: 'nft add rule inet site forward iifname eth0 udp dport 53 reject with icmp type admin-prohibited' },
    ],
    undo: [{ host: 'nft delete table inet site' }],
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'ip_forward=0',
    setup: [{ host: 'sysctl -qw net.ipv4.ip_forward=0' }],
    undo: [{ host: 'sysctl -qw net.ipv4.ip_forward=1' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'IP_FORWARD_DISABLED' },
      { from: '@api', to: 'laptop', protocol: 'icmp', cause: 'IP_FORWARD_DISABLED' },
      { from: 'outside', to: 'host', port: 8080, cause: 'IP_FORWARD_DISABLED' },
      { from: 'host', to: '127.0.0.1', port: 8080 },
      { from: '@api', to: '@www', port: 80 },
      { from: '@api', to: '{lan}', port: 9000 },
    ],
  },
  {
    name: 'forwarding off on the interface of the LAN',
    setup: [{ host: 'sysctl -qw net.ipv4.conf.eth0.forwarding=0' }],
    undo: [{ host: 'sysctl -qw net.ipv4.conf.eth0.forwarding=1' }],
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: '@api', to: 'laptop', port: 7000 },
      { from: '@db', to: '{lan}', port: 8080 },
    ],
  },
  {
    name: 'without br_netfilter a bridge asks no FORWARD rule',
    setup: [{ host: 'sysctl -qw net.bridge.bridge-nf-call-iptables=0' }],
    undo: [{ host: 'sysctl -qw net.bridge.bridge-nf-call-iptables=1' }],
    ask: [
      { from: '@quiet1', to: '@quiet2', port: 80 },
      { from: '@quiet1', to: '@quiet2', protocol: 'icmp' },
      { from: '@api', to: '@www', port: 80 },
      { from: '@api', to: '@db', port: 80 },
      { from: '@www', to: '{lan}', port: 8080 },
      { from: '@api', to: '{lan}', port: 8080 },
      { from: '@api', to: '{lan}', port: 8053, protocol: 'udp' },
      { from: '@www', to: '{lan}', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'strict rp_filter and a source that is routed elsewhere',
    setup: [
      { outside: 'ip addr add 10.99.0.{n}/32 dev lo' },
      { host: 'ip route add 10.99.0.{n}/32 dev docker0' },
      // so that the LAN client knows its MAC address already: strict filtering refuses its ARP as well
      { outside: 'busybox ping -c 1 -W 1 {lan}' },
      { host: 'sysctl -qw net.ipv4.conf.eth0.rp_filter=1' },
    ],
    undo: [
      { host: 'sysctl -qw net.ipv4.conf.eth0.rp_filter=0' },
      { host: 'ip route del 10.99.0.{n}/32 dev docker0' },
      { outside: 'ip addr del 10.99.0.{n}/32 dev lo' },
    ],
    ask: [
      { from: 'laptop', to: '{lan}', port: 9000, source: '10.99.0.{n}', cause: 'REVERSE_PATH_FILTER' },
      { from: 'laptop', to: '{lan}', port: 8080, source: '10.99.0.{n}', cause: 'REVERSE_PATH_FILTER' },
      { from: 'outside', to: '{lan}', port: 8080 },
    ],
  },
  {
    name: 'a source without any route back and without rp_filter',
    setup: [{ outside: 'ip addr add 10.98.0.{n}/32 dev lo' }, { host: 'ip route add blackhole 10.98.0.{n}/32' }],
    undo: [{ host: 'ip route del blackhole 10.98.0.{n}/32' }, { outside: 'ip addr del 10.98.0.{n}/32 dev lo' }],
    ask: [
      { from: 'laptop', to: '{lan}', port: 9000, source: '10.98.0.{n}' },
      { from: 'laptop', to: '{lan}', port: 8080, source: '10.98.0.{n}' },
    ],
  },
  {
    name: 'no default route in the container',
    setup: [{ container: 'api', run: 'ip route del default' }],
    undo: [{ container: 'api', run: 'ip route add default via {gateway:front}' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'NO_ROUTE' },
      { from: '@api', to: 'laptop', port: 7001, protocol: 'udp', cause: 'NO_ROUTE' },
      { from: '@api', to: 'laptop', protocol: 'icmp', cause: 'NO_ROUTE' },
      { from: '@api', to: '@www', port: 80 },
      { from: 'outside', to: 'host', port: 8080, cause: 'RETURN_ROUTE_MISSING' },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp', cause: 'RETURN_ROUTE_MISSING' },
      { from: 'host', to: '127.0.0.1', port: 8080 },
    ],
  },
  {
    name: 'no default route on the host',
    setup: [{ host: 'ip route del default' }],
    undo: [{ host: 'ip route add default via 10.77.0.254' }],
    ask: [
      { from: 'host', to: '192.0.2.1', port: 80, cause: 'NO_ROUTE' },
      { from: '@plain', to: '192.0.2.1', port: 80, cause: 'NO_ROUTE' },
      { from: '@plain', to: '192.0.2.1', port: 53, protocol: 'udp', cause: 'NO_ROUTE' },
      { from: '@api', to: '192.0.2.1', protocol: 'icmp', cause: 'NO_ROUTE' },
    ],
  },
  {
    name: 'without masquerading the LAN does not know the way back',
    ...withoutMasquerading,
    ask: [
      { from: '@api', to: 'laptop', port: 7000, unknowable: true },
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'host', to: '127.0.0.1', port: 8080 },
    ],
  },
  {
    name: 'without masquerading another host sends the reply to its default gateway',
    on: ['e20', 'e20noproxy', 'e26', 'e28'],
    ...withoutMasquerading,
    ask: [{ from: '@api', to: 'peer', port: 9000, unknowable: true }],
  },
  {
    name: 'without masquerading another host with the same subnet keeps the reply for its own containers',
    on: ['e20legacy'],
    ...withoutMasquerading,
    ask: [{ from: '@api', to: 'peer', port: 9000 }],
  },
  {
    name: 'the link of a container is down',
    setup: [{ container: 'db', run: 'ip link set eth0 down' }],
    undo: [
      { container: 'db', run: 'ip link set eth0 up' },
      { container: 'db', run: 'ip route add default via {gateway:back}' },
    ],
    ask: [
      { from: '@www', to: '@db', port: 80, cause: 'LINK_DOWN' },
      { from: '@db', to: '{address:www:back}', port: 80, cause: 'LINK_DOWN' },
    ],
  },
  {
    name: 'the bridge is down',
    setup: [{ host: 'ip link set {bridge:back} down' }],
    undo: [{ host: 'ip link set {bridge:back} up' }],
    ask: [
      { from: '@db', to: '@www', port: 80, cause: 'LINK_DOWN' },
      { from: 'host', to: '@db', port: 80, unknowable: true },
      { from: '@db', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'a firewall inside the container',
    setup: [
      { container: 'api', run: 'iptables-nft -w -A INPUT -p tcp --dport 80 -j DROP' },
      { container: 'api', run: 'iptables-nft -w -A OUTPUT -p udp --dport 7001 -j REJECT' },
    ],
    undo: [
      { container: 'api', run: 'iptables-nft -w -F INPUT' },
      { container: 'api', run: 'iptables-nft -w -F OUTPUT' },
    ],
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'host', to: '127.0.0.1', port: 8080 },
      { from: '@www', to: '@api', port: 80 },
      { from: '@api', to: 'laptop', port: 7001, protocol: 'udp' },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
];
