/** What the kernel holds in one network namespace. Addresses are canonical text (RFC 5952 for IPv6). */
import type { Known, SourceRef } from './evidence.ts';
import type { FirewallState } from './firewall.ts';

export type IpVersion = 4 | 6;

export interface InterfaceAddress {
  readonly family: IpVersion;
  readonly address: string;
  readonly prefix: number;
  /** Peer of a point-to-point address. */
  readonly peer?: string;
  readonly scope: string;
  readonly secondary: boolean;
  /** IPv6: tentative or dadfailed addresses cannot be used. */
  readonly usable: boolean;
}

/** Bridge port settings, from `bridge -d link`. */
export interface BridgePort {
  /** ifindex order is not identity: ports are named by their interface. */
  readonly bridge: string;
  readonly state: 'disabled' | 'listening' | 'learning' | 'forwarding' | 'blocking';
  readonly hairpin: boolean;
  readonly isolated: boolean;
  readonly flood: boolean;
  readonly bcastFlood: boolean;
  readonly mcastFlood: boolean;
  readonly learning: boolean;
  readonly neighSuppress: boolean;
}

export interface BridgeDetails {
  readonly vlanFiltering: boolean;
  readonly vlanDefaultPvid: number;
  /** Per-bridge netfilter switches; the sysctl bridge-nf-call-* turns them on for all. */
  readonly nfCallIptables: boolean;
  readonly nfCallIp6tables: boolean;
  readonly nfCallArptables: boolean;
}

export interface VxlanDetails {
  readonly vni: number;
  readonly local?: string;
  readonly remote?: string;
  readonly group?: string;
  readonly port: number;
  /** Underlay device name, if bound to one. */
  readonly link?: string;
  readonly learning: boolean;
}

export interface Link {
  readonly name: string;
  readonly ifindex: number;
  /** rtnl link kind (`veth`, `bridge`, `vxlan`, `macvlan`, `ipvlan`, `vlan`, `tun`, `wireguard`, `bond`, ...), `loopback`, or `physical`. */
  readonly kind: string;
  readonly mac: string | null;
  readonly mtu: number;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  /** Carrier and operational (IFF_LOWER_UP). */
  readonly running: boolean;
  readonly flags: readonly string[];
  readonly group: string;
  /** Name of the bridge, bond or VRF that this is a port of. */
  readonly master: string | null;
  /** ifindex of the other end (veth) or of the parent (macvlan, ipvlan, vlan). */
  readonly peerIndex: number | null;
  /** Namespace id of the other end as seen from here; null: the same namespace. */
  readonly peerNsid: number | null;
  /** The other end or the parent, once matched. */
  readonly peer: LinkRef | null;
  readonly addresses: readonly InterfaceAddress[];
  readonly bridge?: BridgeDetails;
  readonly port?: BridgePort;
  readonly vxlan?: VxlanDetails;
  readonly macvlanMode?: string;
  readonly vlanId?: number;
  /** An XDP or other program that sees packets before netfilter. */
  readonly program?: string;
  readonly source: SourceRef;
}

export interface LinkRef {
  /** Netns.id */
  readonly netns: string;
  readonly link: string;
}

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'multicast' | 'anycast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'nat';

export interface NextHop {
  readonly gateway: string | null;
  readonly dev: string | null;
  readonly weight: number;
  readonly onlink: boolean;
  readonly dead: boolean;
  readonly linkdown: boolean;
}

export interface Route {
  readonly family: IpVersion;
  readonly table: string;
  readonly type: RouteType;
  /** Prefix with length; the default route is 0.0.0.0/0 or ::/0. */
  readonly dst: string;
  readonly tos: number;
  readonly metric: number;
  readonly scope: string;
  readonly protocol: string;
  readonly prefsrc: string | null;
  /** One entry for an ordinary route, more for multipath; none for blackhole and its kin. */
  readonly nexthops: readonly NextHop[];
  readonly source: SourceRef;
}

export interface PolicyRule {
  readonly family: IpVersion;
  readonly priority: number;
  readonly not: boolean;
  /** Prefix, or null for all. */
  readonly from: string | null;
  readonly to: string | null;
  readonly fwmark: { readonly value: number; readonly mask: number } | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly tos: number | null;
  readonly ipproto: number | null;
  readonly sport: readonly [number, number] | null;
  readonly dport: readonly [number, number] | null;
  readonly uidRange: readonly [number, number] | null;
  readonly action: 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly table: string | null;
  readonly gotoPriority: number | null;
  readonly suppressPrefixLength: number | null;
  readonly suppressIfGroup: string | null;
  /** Words of the rule that are not modelled; a rule with any is unknown. */
  readonly notModelled: readonly string[];
  readonly source: SourceRef;
}

export interface Neighbour {
  readonly address: string;
  readonly dev: string;
  readonly mac: string | null;
  /** NUD states, for example ['PERMANENT'] or ['REACHABLE']. */
  readonly state: readonly string[];
  readonly proxy: boolean;
  readonly source: SourceRef;
}

export interface FdbEntry {
  readonly mac: string;
  /** The port, or the bridge itself. */
  readonly dev: string;
  readonly bridge: string | null;
  readonly vlan: number | null;
  readonly permanent: boolean;
  readonly self: boolean;
  /** Remote VTEP of a VXLAN entry. */
  readonly dst: string | null;
  readonly flags: readonly string[];
}

export interface PortVlan {
  readonly dev: string;
  readonly vlan: number;
  readonly pvid: boolean;
  readonly untagged: boolean;
}

/** A socket that waits for connections (TCP LISTEN) or datagrams (UDP, unconnected). */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly family: IpVersion;
  /** The bound address; `0.0.0.0` or `::` for any. */
  readonly address: string;
  readonly port: number;
  /** Device it is bound to, if any. */
  readonly dev: string | null;
  /** IPv6 sockets: refuses IPv4. */
  readonly v6only: boolean;
  /** TCP: connections that wait to be accepted, and how many may. */
  readonly queue?: { readonly waiting: number; readonly limit: number };
  readonly inode: number | null;
  readonly pid: number | null;
  /** comm of the owning process. */
  readonly process: string | null;
  /** Full container id of the owning process. */
  readonly containerId: string | null;
  readonly source: SourceRef;
}

export interface Resolver {
  readonly nameservers: readonly string[];
  /** Whom Docker's own nameserver asks, where it says so (engine 25 and later); `onHost` from the host's namespace. */
  readonly external?: readonly { readonly address: string; readonly onHost: boolean }[];
  readonly search: readonly string[];
  readonly ndots: number;
}

export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export interface Netns {
  /** `${host}/${inode}`: unique in the model, not stable over time. */
  readonly id: string;
  readonly host: string;
  readonly inode: string;
  /**
   * Stable name: `host` for the host's own, `container:NAME` of the (first) container that owns it,
   * `netns:NAME` for a named one, `pid:PID` otherwise.
   */
  readonly key: string;
  readonly kind: 'host' | 'container' | 'named' | 'process';
  /** Base names in the named-namespace folders. */
  readonly names: readonly string[];
  /** Full ids of the containers that live in it. */
  readonly containerIds: readonly string[];
  readonly links: Known<readonly Link[]>;
  readonly routes: { readonly 4: Known<readonly Route[]>; readonly 6: Known<readonly Route[]> };
  readonly rules: { readonly 4: Known<readonly PolicyRule[]>; readonly 6: Known<readonly PolicyRule[]> };
  readonly neighbours: Known<readonly Neighbour[]>;
  readonly fdb: Known<readonly FdbEntry[]>;
  readonly vlans: Known<readonly PortVlan[]>;
  /** Key without the leading `net.`, for example `ipv4.conf.eth0.rp_filter`. */
  readonly sysctls: Known<ReadonlyMap<string, string>>;
  readonly listeners: Known<readonly Listener[]>;
  readonly firewall: FirewallState;
  readonly resolver: Known<Resolver>;
  readonly hostsFile: Known<readonly HostsEntry[]>;
}
