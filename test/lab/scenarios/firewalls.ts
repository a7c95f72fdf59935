/** Firewalls as their own tools write them. Each alters its host: a batch holds one a host. */
import type { Scenario, Step } from '../scenario.ts';
import { web } from '../world.ts';

const saved = {
  setup: [{ host: 'iptables-save -f /run/saved' }, { host: 'ip6tables-save -f /run/saved6' }],
  undo: [{ host: 'iptables-restore /run/saved' }, { host: 'ip6tables-restore /run/saved6' }],
} as const;

const nft = (...commands: readonly string[]): readonly Step[] => commands.map((command) => ({ host: `nft ${command}` }));

/** The chains that firewalld 1.x makes, with docker0 in zone docker and the other bridges in none. */
const firewalld = nft(
  'add table inet firewalld',
  'add chain inet firewalld filter_FWD_docker',
  'add chain inet firewalld filter_FORWARD_POLICIES_pre',
  'add chain inet firewalld filter_FORWARD { type filter hook forward priority 10 ; policy accept ; }',
  'add rule inet firewalld filter_FWD_docker accept',
  'add rule inet firewalld filter_FORWARD_POLICIES_pre iifname docker0 jump filter_FWD_docker',
  'add rule inet firewalld filter_FORWARD ct state { established, related } accept',
  'add rule inet firewalld filter_FORWARD ct status dnat accept',
  'add rule inet firewalld filter_FORWARD iifname lo accept',
  'add rule inet firewalld filter_FORWARD jump filter_FORWARD_POLICIES_pre',
  'add rule inet firewalld filter_FORWARD ct state invalid drop',
  'add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited',
);

export const firewalls: readonly Scenario[] = [
  {
    name: 'firewalld knows the default bridge only',
    setup: firewalld,
    undo: nft('delete table inet firewalld'),
    ask: [
      { from: '@api', to: '@www', port: 80, cause: 'HOST_FIREWALL_DROP' },
      { from: '@inner1', to: '@inner2', port: 80, cause: 'HOST_FIREWALL_DROP' },
      { from: '@api', to: 'laptop', port: 7000, cause: 'HOST_FIREWALL_DROP' },
      { from: '@plain', to: 'laptop', port: 7000 },
      { from: 'outside', to: 'host', port: 8080 },
    ],
  },
  {
    name: 'DOCKER-USER drops what comes in and forgets the replies',
    setup: [{ host: 'iptables -w -I DOCKER-USER -i eth0 -j DROP' }],
    undo: [{ host: 'iptables -w -D DOCKER-USER -i eth0 -j DROP' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'DOCKER_USER_DROP' },
      { from: 'outside', to: 'host', port: 8080, cause: 'DOCKER_USER_DROP' },
    ],
  },
  {
    name: 'ufw-docker denies what no route rule allows',
    setup: [
      { host: 'iptables -w -N ufw-user-forward' },
      { host: 'iptables -w -N ufw-docker-logging-deny' },
      { host: 'iptables -w -A ufw-docker-logging-deny -j DROP' },
      { host: 'iptables -w -I DOCKER-USER 1 -j ufw-user-forward' },
      { host: 'iptables -w -I DOCKER-USER 2 -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN' },
      { host: 'iptables -w -I DOCKER-USER 3 -m conntrack --ctstate INVALID -j DROP' },
      { host: 'iptables -w -I DOCKER-USER 4 -i docker0 -o docker0 -j ACCEPT' },
      { host: 'iptables -w -I DOCKER-USER 5 -s 10.96.0.0/11 -j RETURN' },
      { host: 'iptables -w -I DOCKER-USER 6 -s 172.16.0.0/12 -j RETURN' },
      { host: 'iptables -w -I DOCKER-USER 7 -m conntrack --ctstate NEW -d 10.0.0.0/8 -j ufw-docker-logging-deny' },
      { host: 'iptables -w -I DOCKER-USER 8 -m conntrack --ctstate NEW -d 172.16.0.0/12 -j ufw-docker-logging-deny' },
      { host: 'iptables -w -I DOCKER-USER 9 -m conntrack --ctstate NEW -d 192.168.0.0/16 -j ufw-docker-logging-deny' },
    ],
    undo: [
      { host: 'iptables -w -F DOCKER-USER' },
      { host: 'iptables -w -A DOCKER-USER -j RETURN' },
      { host: 'iptables -w -F ufw-docker-logging-deny' },
      { host: 'iptables -w -X ufw-docker-logging-deny' },
      { host: 'iptables -w -X ufw-user-forward' },
    ],
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'DOCKER_USER_DROP' },
      { from: '@api', to: '@www', port: 80 },
    ],
  },
  {
    name: 'ufw denies by default',
    setup: [
      ...['ufw-before-input', 'ufw-user-input', 'ufw-after-input', 'ufw-skip-to-policy-input'].map((chain) => ({ host: `iptables -w -N ${chain}` })),
      { host: 'iptables -w -A ufw-before-input -i lo -j ACCEPT' },
      { host: 'iptables -w -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT' },
      { host: 'iptables -w -A ufw-user-input -p tcp --dport 22 -j ACCEPT' },
      { host: 'iptables -w -A ufw-skip-to-policy-input -j DROP' },
      { host: 'iptables -w -A ufw-after-input -p udp -m udp --dport 9001 -j ufw-skip-to-policy-input' },
      { host: 'iptables -w -A INPUT -j ufw-before-input' },
      { host: 'iptables -w -A INPUT -j ufw-user-input' },
      { host: 'iptables -w -A INPUT -j ufw-after-input' },
      { host: 'iptables -w -P INPUT DROP' },
    ],
    undo: [
      { host: 'iptables -w -P INPUT ACCEPT' },
      { host: 'iptables -w -F INPUT' },
      ...['ufw-before-input', 'ufw-user-input', 'ufw-after-input', 'ufw-skip-to-policy-input'].map((chain) => ({ host: `iptables -w -F ${chain}` })),
      ...['ufw-before-input', 'ufw-user-input', 'ufw-after-input', 'ufw-skip-to-policy-input'].map((chain) => ({ host: `iptables -w -X ${chain}` })),
    ],
    ask: [
      { from: '@api', to: '{gateway:front}', port: 9000, cause: 'HOST_FIREWALL_DROP' },
      { from: '@plain', to: '{lan}', port: 9001, protocol: 'udp', cause: 'HOST_FIREWALL_DROP' },
      { from: 'host', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'a native nftables table with policy drop',
    setup: nft(
      'add table inet myfw',
      'add chain inet myfw forward { type filter hook forward priority 10 ; policy drop ; }',
      'add rule inet myfw forward ct state { established, related } accept',
      'add rule inet myfw forward udp dport 53 accept',
    ),
    undo: nft('delete table inet myfw'),
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'HOST_FIREWALL_DROP' },
      { from: '@api', to: 'laptop', port: 7000, cause: 'HOST_FIREWALL_DROP' },
      { from: '@api', to: '@www', port: 80, cause: 'HOST_FIREWALL_DROP' },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'nft flush ruleset takes the rules of Docker along',
    setup: [...saved.setup, ...nft('flush ruleset'), { outside: 'ip route add unreachable {subnet:front}' }],
    undo: [{ outside: 'ip route del unreachable {subnet:front}' }, ...saved.undo],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'RETURN_ROUTE_MISSING' },
      { from: '@api', to: 'laptop', port: 7001, protocol: 'udp', cause: 'RETURN_ROUTE_MISSING' },
      { from: 'outside', to: 'host', port: 8080 },
    ],
  },
  {
    name: 'iptables -t nat -F: nobody masquerades any more',
    setup: [...saved.setup, { host: 'iptables -w -t nat -F' }, { outside: 'ip route add unreachable {subnet:front}' }],
    undo: [{ outside: 'ip route del unreachable {subnet:front}' }, ...saved.undo],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'RETURN_ROUTE_MISSING' },
      { from: 'outside', to: 'host', port: 8080 },
    ],
  },
  {
    name: 'SNAT to an address that nobody has',
    setup: [
      { outside: 'ip route add unreachable 192.0.2.{n}' },
      { host: 'iptables -w -t nat -I POSTROUTING -s {subnet:front} -o eth0 -j SNAT --to-source 192.0.2.{n}' },
    ],
    undo: [
      { host: 'iptables -w -t nat -D POSTROUTING -s {subnet:front} -o eth0 -j SNAT --to-source 192.0.2.{n}' },
      { outside: 'ip route del unreachable 192.0.2.{n}' },
    ],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'RETURN_ROUTE_MISSING' },
      { from: '@plain', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'a transparent proxy that does not run',
    setup: [{ host: 'iptables -w -t nat -I PREROUTING -i docker0 -p tcp --dport 7000 -j REDIRECT --to-ports 3128' }],
    undo: [{ host: 'iptables -w -t nat -D PREROUTING -i docker0 -p tcp --dport 7000 -j REDIRECT --to-ports 3128' }],
    ask: [
      { from: '@plain', to: 'laptop', port: 7000, cause: 'NO_LISTENER' },
      { from: '@plain', to: 'laptop', port: 7001, protocol: 'udp' },
      { from: '@api', to: 'laptop', port: 7000 },
    ],
  },
  {
    name: 'iptables-legacy has the policy DROP that iptables-nft does not show',
    setup: [{ host: 'iptables-legacy -w -P FORWARD DROP' }],
    undo: [{ host: 'iptables-legacy -w -P FORWARD ACCEPT' }],
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'FORWARD_POLICY_DROP' },
      { from: '@api', to: 'laptop', port: 7000, cause: 'FORWARD_POLICY_DROP' },
      { from: '@api', to: '@www', port: 80, cause: 'BRIDGE_NETFILTER' },
    ],
  },
  {
    name: 'the policy of FORWARD and bridges that are not of Docker',
    setup: [
      { host: 'ip link add virbr0 type bridge' },
      { host: 'ip addr add 10.92.{n}.1/24 dev virbr0' },
      { host: 'ip link set virbr0 up' },
      ...['one', 'two'].flatMap((name, i) => [
        { host: `ip netns add ${name}-{host}` },
        { host: `ip link add v-${name} type veth peer name eth0 netns ${name}-{host}` },
        { host: `ip link set v-${name} master virbr0 up` },
        { host: `ip -n ${name}-{host} link set lo up` },
        { host: `ip -n ${name}-{host} addr add 10.92.{n}.${i + 2}/24 dev eth0` },
        { host: `ip -n ${name}-{host} link set eth0 up` },
        { host: `ip -n ${name}-{host} route add default via 10.92.{n}.1` },
        {
          host: `busybox start-stop-daemon -S -b -m -p /run/${name}.pid -x /usr/bin/nsenter -- --net=/run/netns/${name}-{host} busybox httpd -f -p 80`,
        },
      ]),
      { host: 'iptables -w -t nat -A POSTROUTING -s 10.92.{n}.0/24 -o eth0 -j MASQUERADE' },
    ],
    undo: [
      { host: 'iptables -w -t nat -D POSTROUTING -s 10.92.{n}.0/24 -o eth0 -j MASQUERADE' },
      ...['one', 'two'].flatMap((name) => [{ host: `busybox start-stop-daemon -K -p /run/${name}.pid` }, { host: `ip netns del ${name}-{host}` }]),
      { host: 'ip link del virbr0' },
    ],
    ask: [
      { from: 'netns:one-{host}', to: 'laptop', port: 7000, cause: 'FORWARD_POLICY_DROP' },
      { from: 'netns:one-{host}', to: '10.92.{n}.3', port: 80, cause: 'BRIDGE_NETFILTER' },
      { from: 'netns:one-{host}', to: '10.92.{n}.1', port: 9000 },
      { from: 'outside', to: 'host', port: 8080 },
    ],
  },
  {
    name: 'Docker in nftables while iptables keeps the policy DROP',
    setup: [
      ...saved.setup,
      { host: 'iptables -w -F FORWARD' },
      { host: 'iptables -w -P FORWARD DROP' },
      ...nft(
        'add table ip docker-bridges',
        'add chain ip docker-bridges filter-forward-in__front',
        'add chain ip docker-bridges filter-FORWARD { type filter hook forward priority filter ; policy accept ; }',
        'add rule ip docker-bridges filter-forward-in__front ct state { established, related } accept',
        'add rule ip docker-bridges filter-forward-in__front tcp dport 80 accept',
        'add rule ip docker-bridges filter-FORWARD oifname {bridge:front} jump filter-forward-in__front',
      ),
    ],
    undo: [...nft('delete table ip docker-bridges'), ...saved.undo],
    ask: [
      { from: 'outside', to: 'host', port: 8080, cause: 'FORWARD_POLICY_DROP' },
      { from: '@api', to: 'laptop', port: 7000, cause: 'FORWARD_POLICY_DROP' },
    ],
  },
  {
    name: 'the raw table of engine 28 is empty',
    setup: [...saved.setup, { host: 'iptables -w -t raw -F PREROUTING' }, { outside: 'ip route add {subnet:back} via {lan}' }],
    undo: [{ outside: 'ip route del {subnet:back} via {lan}' }, ...saved.undo],
    ask: [
      { from: 'outside', to: '@db', port: 80, cause: 'PORT_NOT_PUBLISHED' },
      { from: '@plain', to: '@db', port: 80, cause: 'DIFFERENT_NETWORKS' },
    ],
  },
  {
    name: 'direct access to a container of engine 28',
    setup: [{ outside: 'ip route add {subnet:back} via {lan}' }],
    undo: [{ outside: 'ip route del {subnet:back} via {lan}' }],
    ask: [{ from: 'outside', to: '@db', port: 80, cause: 'RAW_TABLE_DIRECT_ACCESS_DROP' }],
  },
  {
    name: 'a narrower link, and nobody may say so',
    setup: [{ host: 'ip link set eth0 mtu 1400' }, { host: 'iptables -w -I OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP' }],
    undo: [{ host: 'iptables -w -D OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP' }, { host: 'ip link set eth0 mtu 1500' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, caveat: 'MTU_BLACK_HOLE' },
      { from: '@api', to: '@www', port: 80 },
    ],
  },
  {
    name: 'a rule left over from before an upgrade stands before those that accept replies',
    setup: [{ host: 'iptables -w -I FORWARD -o {bridge:front} -j DOCKER' }],
    undo: [{ host: 'iptables -w -D FORWARD -o {bridge:front} -j DOCKER' }],
    ask: [
      { from: '@api', to: 'laptop', port: 7000, cause: 'REPLY_DROPPED' },
      { from: 'outside', to: 'host', port: 8080 },
    ],
  },
  {
    name: 'a virtual address on the bridge of its client, without br_netfilter',
    setup: [
      { host: 'sysctl -qw net.bridge.bridge-nf-call-iptables=0' },
      web('visitor', '--network front'),
      { host: 'iptables -w -t nat -I PREROUTING -d 10.96.0.50 -p tcp --dport 80 -j DNAT --to-destination {address:api}:80' },
    ],
    undo: [
      { host: 'iptables -w -t nat -D PREROUTING -d 10.96.0.50 -p tcp --dport 80 -j DNAT --to-destination {address:api}:80' },
      { host: 'sysctl -qw net.bridge.bridge-nf-call-iptables=1' },
    ],
    ask: [
      { from: '@visitor', to: '10.96.0.50', port: 80, cause: 'HAIRPIN_NOT_TRANSLATED' },
      { from: '@plain', to: '10.96.0.50', port: 80 },
    ],
  },
];
