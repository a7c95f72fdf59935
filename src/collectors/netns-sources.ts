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
