/** One trial for each kind of remedy that has commands; all on one host, one after the other. */
import type { Trial } from '../remedies.ts';
import { web } from '../world.ts';

export const trials: readonly Trial[] = [
  {
    name: 'a network is connected',
    host: 'e28',
    ask: { from: '@api', to: '@db', port: 80 },
    text: /^connect api-e28 to network back$/,
    undo: [{ docker: 'network disconnect back @api' }],
  },
  {
    name: 'forwarding is switched on',
    host: 'e26',
    setup: [{ host: 'sysctl -qw net.ipv4.ip_forward=0' }],
    ask: { from: '@api', to: 'laptop', port: 7000 },
    text: /^let e26 forward packets$/,
    undo: [{ host: 'sysctl -qw net.ipv4.ip_forward=1' }],
  },
  {
    name: 'a rule lets it through',
    host: 'e20',
    setup: [{ host: 'iptables -w -I DOCKER-USER -p tcp --dport 80 -j DROP' }],
    ask: { from: '@api', to: '@www', port: 80 },
    text: /through to .* in DOCKER-USER on e20$/,
    undo: [{ host: 'iptables -w -F DOCKER-USER' }, { host: 'iptables -w -A DOCKER-USER -j RETURN' }],
  },
  {
    name: 'a rule of iptables-legacy lets it through',
    host: 'e20legacy',
    setup: [{ host: 'iptables -w -I INPUT -p tcp --dport 9000 -j DROP' }],
    ask: { from: '@api', to: '{lan}', port: 9000 },
    text: /through to .* in INPUT on e20legacy$/,
    undo: [{ host: 'iptables -w -F INPUT' }],
  },
  {
    name: 'bridged packets pass iptables by',
    host: 'e20',
    setup: [{ host: 'iptables-save -f /run/saved' }, { host: 'iptables -w -P FORWARD DROP' }, { host: 'iptables -w -F FORWARD' }],
    ask: { from: '@api', to: '@www', port: 80 },
    text: /^let bridged packets pass iptables by$/,
    undo: [{ host: 'sysctl -qw net.bridge.bridge-nf-call-iptables=1' }, { host: 'iptables-restore /run/saved' }],
  },
  {
    name: 'an interface is switched on',
    host: 'e26',
    setup: [{ container: 'db', run: 'ip link set eth0 down' }],
    ask: { from: '@www', to: '@db', port: 80 },
    text: /^switch eth0 on$/,
    undo: [
      { container: 'db', run: 'ip link set eth0 up' },
      { container: 'db', run: 'ip route replace default via {gateway:back}' },
    ],
  },
  {
    name: 'a link is plugged into its bridge',
    host: 'e28',
    setup: [web('loose', '--network front'), { host: 'ip link set {veth:loose} nomaster' }],
    ask: { from: '@loose', to: '@api', port: 80 },
    text: /^plug veth\S+ into \S+$/,
    undo: [{ docker: 'rm -f @loose' }],
  },
  {
    name: 'the reverse-path filter is loosened',
    host: 'e20',
    setup: [
      { outside: 'ip link add second type veth peer name eth1' },
      { outside: 'ip link set eth1 netns {pid}' },
      { outside: 'ip addr add 10.91.0.2/24 dev second' },
      { outside: 'ip link set second up' },
      { host: 'ip addr add 10.91.0.1/24 dev eth1' },
      { host: 'ip link set eth1 up' },
      { outside: 'busybox ping -c 1 -W 1 10.91.0.1' },
      { outside: 'busybox ping -c 1 -W 1 {lan}' },
      { host: 'sysctl -qw net.ipv4.conf.eth0.rp_filter=1' },
    ],
    ask: { from: 'laptop', to: '{lan}', port: 9000, source: '10.91.0.2' },
    text: /^loosen the reverse-path filter on eth0$/,
    undo: [{ host: 'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0' }, { host: 'ip link del eth1' }],
  },
];
