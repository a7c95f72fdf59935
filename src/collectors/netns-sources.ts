/** What is asked in every network namespace. The commands are those that transport/netns.sh runs; several may share a process there. */
import type { NETNS_SOURCES } from '../model/facts.ts';

export type NetnsSource = (typeof NETNS_SOURCES)[number];
/** Sources that are files of the namespace's /etc, not commands. */
export type EtcSource = 'resolv.conf' | 'hosts';
export type CommandSource = Exclude<NetnsSource, EtcSource>;

export interface CommandCollector {
  readonly name: CommandSource;
  readonly scope: 'netns';
  readonly command: readonly string[];
  /** Debian's package of the command. */
  readonly package: string;
  readonly describes: string;
  /** Why netns.sh may leave it out. */
  readonly absent?: string;
  readonly capability?: string;
}

const NO_BRIDGE = 'no bridge or VXLAN device in this namespace';
const NO_NFT_TABLE = 'nf_tables holds no table of this family in this namespace';
const NO_LEGACY_TABLE = 'the kernel holds no legacy tables of this family in this namespace';

export const COMMANDS: readonly CommandCollector[] = [
  { name: 'ip.addr', scope: 'netns', command: ['ip', '-j', '-d', 'addr', 'show'], package: 'iproute2', describes: 'links and addresses' },
  { name: 'ip.route', scope: 'netns', command: ['ip', '-j', '-4', 'route', 'show', 'table', 'all'], package: 'iproute2', describes: 'IPv4 routes' },
  { name: 'ip.route6', scope: 'netns', command: ['ip', '-j', '-6', 'route', 'show', 'table', 'all'], package: 'iproute2', describes: 'IPv6 routes' },
  { name: 'ip.rule', scope: 'netns', command: ['ip', '-j', '-4', 'rule', 'show'], package: 'iproute2', describes: 'IPv4 policy rules' },
  { name: 'ip.rule6', scope: 'netns', command: ['ip', '-j', '-6', 'rule', 'show'], package: 'iproute2', describes: 'IPv6 policy rules' },
  { name: 'ip.neigh', scope: 'netns', command: ['ip', '-j', 'neigh', 'show'], package: 'iproute2', describes: 'neighbours' },
  { name: 'bridge.link', scope: 'netns', command: ['bridge', '-j', '-d', 'link', 'show'], package: 'iproute2', describes: 'bridge ports', absent: NO_BRIDGE },
  { name: 'bridge.vlan', scope: 'netns', command: ['bridge', '-j', 'vlan', 'show'], package: 'iproute2', describes: 'VLANs of ports', absent: NO_BRIDGE },
  { name: 'bridge.fdb', scope: 'netns', command: ['bridge', '-j', 'fdb', 'show'], package: 'iproute2', describes: 'forwarding tables', absent: NO_BRIDGE },
  { name: 'sysctl', scope: 'netns', command: ['grep', '-rsH', '', '/proc/sys/net'], package: 'grep', describes: 'kernel settings' },
  { name: 'ss', scope: 'netns', command: ['ss', '-H', '-l', '-n', '-t', '-u', '-e'], package: 'iproute2', describes: 'listening sockets' },
  {
    name: 'iptables-nft',
    scope: 'netns',
    command: ['iptables-nft-save', '-c'],
    package: 'iptables',
    describes: 'iptables rules kept by nf_tables',
    absent: NO_NFT_TABLE,
    capability: 'CAP_NET_ADMIN',
  },
  {
    name: 'ip6tables-nft',
    scope: 'netns',
    command: ['ip6tables-nft-save', '-c'],
    package: 'iptables',
    describes: 'ip6tables rules kept by nf_tables',
    absent: NO_NFT_TABLE,
    capability: 'CAP_NET_ADMIN',
  },
  {
    name: 'iptables-legacy',
    scope: 'netns',
    command: ['iptables-legacy-save', '-c'],
    package: 'iptables',
    describes: 'legacy iptables rules',
    absent: NO_LEGACY_TABLE,
    capability: 'CAP_NET_ADMIN',
  },
  {
    name: 'ip6tables-legacy',
    scope: 'netns',
    command: ['ip6tables-legacy-save', '-c'],
    package: 'iptables',
    describes: 'legacy ip6tables rules',
    absent: NO_LEGACY_TABLE,
    capability: 'CAP_NET_ADMIN',
  },
  { name: 'nft', scope: 'netns', command: ['nft', '-j', '-a', 'list', 'ruleset'], package: 'nftables', describes: 'nftables', capability: 'CAP_NET_ADMIN' },
  { name: 'ipset', scope: 'netns', command: ['ipset', 'save'], package: 'ipset', describes: 'sets of addresses', capability: 'CAP_NET_ADMIN' },
];

/** Sources that are read together. */
export type Group = 'net' | 'neigh' | 'fdb' | 'rules' | 'legacy' | 'ipset' | 'sysctl' | 'ss';

/** The smallest that reads it; `net` reads neighbours and forwarding tables too. */
export const GROUP_OF: Readonly<Record<CommandSource, Group>> = {
  'ip.addr': 'net',
  'ip.route': 'net',
  'ip.route6': 'net',
  'ip.rule': 'net',
  'ip.rule6': 'net',
  'ip.neigh': 'neigh',
  'bridge.link': 'net',
  'bridge.vlan': 'net',
  'bridge.fdb': 'fdb',
  sysctl: 'sysctl',
  ss: 'ss',
  'iptables-nft': 'rules',
  'ip6tables-nft': 'rules',
  'iptables-legacy': 'legacy',
  'ip6tables-legacy': 'legacy',
  nft: 'rules',
  ipset: 'ipset',
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const each = (folder: string, names: string): readonly string[] => words(names).map((name) => `${folder}/${name}`);

/** Files, folders and patterns below /proc/sys/net. stable_secret stands in ipv6/conf too and is a secret: of that folder files are asked for by name. */
export const SYSCTLS: readonly string[] = [
  ...each(
    'ipv4',
    `conf ip_forward ip_default_ttl ip_nonlocal_bind icmp_errors_use_inbound_ifaddr
    icmp_echo_ignore_all icmp_echo_ignore_broadcasts icmp_ratelimit icmp_ratemask ip_local_port_range
    ip_local_reserved_ports ip_unprivileged_port_start ip_forward_use_pmtu ip_no_pmtu_disc fwmark_reflect
    tcp_fwmark_accept tcp_l3mdev_accept udp_l3mdev_accept raw_l3mdev_accept fib_multipath_hash_policy
    fib_multipath_use_neigh tcp_syncookies tcp_max_syn_backlog tcp_rmem tcp_wmem`,
  ),
  ...each('ipv6', 'bindv6only ip_nonlocal_bind fwmark_reflect fib_multipath_hash_policy icmp'),
  ...each(
    'ipv6/conf/*',
    `forwarding disable_ipv6 accept_ra accept_ra_defrtr accept_dad dad_transmits hop_limit mtu proxy_ndp
    use_tempaddr addr_gen_mode seg6_enabled ignore_routes_with_linkdown drop_unicast_in_l2_multicast autoconf`,
  ),
  'bridge',
  ...each('netfilter', 'nf_conntrack_count nf_conntrack_max nf_conntrack_tcp_loose nf_conntrack_tcp_be_liberal nf_conntrack_checksum'),
  ...each('core', 'somaxconn rmem_max wmem_max'),
];
