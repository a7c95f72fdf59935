/** Types of nft expressions and their names for values: nft(8) DATA TYPES, nftables src/datatype.c, src/meta.c, src/ct.c, src/proto.c. */
import { CT_STATE, CT_STATUS, type Field, RTN } from '../../model/firewall.ts';
import { DSCP, ECN } from '../names/dscp.ts';
import { ICMP_TYPES, ICMPV6_TYPES, UNREACHABLE_CODES, UNREACHABLE_V6_CODES } from '../names/icmp.ts';
import { PROTOCOLS } from '../names/protocols.ts';

type Names = Readonly<Record<string, bigint>>;
const numbers = (table: Readonly<Record<string, number>>): Names => Object.fromEntries(Object.entries(table).map(([name, value]) => [name, BigInt(value)]));

const BOOLEAN: Names = { missing: 0n, exists: 1n };

export const SYMBOLS: Readonly<Record<string, Names>> = {
  inet_proto: numbers(PROTOCOLS),
  nf_proto: { ipv4: 2n, ipv6: 10n },
  ether_type: { ip: 0x800n, arp: 0x806n, ip6: 0x86ddn, vlan: 0x8100n, '8021q': 0x8100n, '8021ad': 0x88a8n },
  pkt_type: { host: 0n, unicast: 0n, broadcast: 1n, multicast: 2n, other: 3n },
  ct_state: CT_STATE,
  ct_status: CT_STATUS,
  ct_dir: { original: 0n, reply: 1n },
  tcp_flag: { fin: 1n, syn: 2n, rst: 4n, psh: 8n, ack: 16n, urg: 32n, ecn: 64n, cwr: 128n },
  icmp_type: numbers(ICMP_TYPES),
  icmp_code: numbers(UNREACHABLE_CODES),
  icmpv6_type: numbers(ICMPV6_TYPES),
  icmpv6_code: numbers(UNREACHABLE_V6_CODES),
  dscp: numbers(DSCP),
  ecn: numbers(ECN),
  fib_addrtype: RTN,
  arp_op: { request: 1n, reply: 2n, rrequest: 3n, rreply: 4n, inrequest: 8n, inreply: 9n, nak: 10n },
  iface_type: { ether: 1n, ppp: 512n, ipip: 768n, ipip6: 769n, loopback: 772n, sit: 776n, ipgre: 778n },
  devgroup: { default: 0n },
  uid: { root: 0n },
  gid: { root: 0n },
  boolean: BOOLEAN,
};

/** Types whose values are names of interfaces or the like, not numbers. */
export const NAME_TYPES: ReadonlySet<string> = new Set(['ifname', 'iface_index', 'ifkind']);
export const ADDRESS_TYPES: ReadonlySet<string> = new Set(['ipv4_addr', 'ipv6_addr', 'ip_addr']);

export const FIELD_TYPES: Readonly<Partial<Record<Field, string>>> = {
  'meta.iifname': 'ifname',
  'meta.oifname': 'ifname',
  'meta.ibrname': 'ifname',
  'meta.obrname': 'ifname',
  'meta.iifkind': 'ifkind',
  'meta.oifkind': 'ifkind',
  'meta.iif': 'iface_index',
  'meta.oif': 'iface_index',
  'meta.mark': 'mark',
  'ct.mark': 'mark',
  'meta.l4proto': 'inet_proto',
  'meta.nfproto': 'nf_proto',
  'ct.l3proto': 'nf_proto',
  'meta.protocol': 'ether_type',
  'ether.type': 'ether_type',
  'arp.ptype': 'ether_type',
  'meta.pkttype': 'pkt_type',
  'meta.skuid': 'uid',
  'meta.skgid': 'gid',
  'meta.iifgroup': 'devgroup',
  'meta.oifgroup': 'devgroup',
  'meta.iiftype': 'iface_type',
  'meta.oiftype': 'iface_type',
  'ip.saddr': 'ipv4_addr',
  'ip.daddr': 'ipv4_addr',
  'ip6.saddr': 'ipv6_addr',
  'ip6.daddr': 'ipv6_addr',
  'arp.saddr.ip': 'ipv4_addr',
  'arp.daddr.ip': 'ipv4_addr',
  'ct.original.saddr': 'ip_addr',
  'ct.original.daddr': 'ip_addr',
  'ct.reply.saddr': 'ip_addr',
  'ct.reply.daddr': 'ip_addr',
  'ip.protocol': 'inet_proto',
  'ip6.nexthdr': 'inet_proto',
  'ct.protocol': 'inet_proto',
  'ip.dscp': 'dscp',
  'ip6.dscp': 'dscp',
  'ip.ecn': 'ecn',
  'tcp.flags': 'tcp_flag',
  'icmp.type': 'icmp_type',
  'icmp.code': 'icmp_code',
  'icmpv6.type': 'icmpv6_type',
  'icmpv6.code': 'icmpv6_code',
  'ether.saddr': 'ether_addr',
  'ether.daddr': 'ether_addr',
  'arp.saddr.ether': 'ether_addr',
  'arp.daddr.ether': 'ether_addr',
  'arp.operation': 'arp_op',
  'ct.state': 'ct_state',
  'ct.status': 'ct_status',
  'ct.direction': 'ct_dir',
};
