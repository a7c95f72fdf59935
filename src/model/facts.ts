/**
 * Facts: what a host said, verbatim. One host's facts are everything the rest of netwhy works from;
 * a recording and a snapshot hold nothing else.
 */

/** `ok`: asked and answered (an empty answer is an answer). `absent`: the thing to ask does not exist there. `failed`: it should have answered. */
export type FactStatus = 'ok' | 'absent' | 'failed';

export interface Fact {
  /** Which collector, for example `ip.addr` or `docker.containers`. */
  readonly source: FactSource;
  /** Inode of the network namespace it describes, in decimal; null for a fact of the whole host. */
  readonly netns: string | null;
  readonly status: FactStatus;
  /** Why it is absent or failed, in words for a person, with what to do next. */
  readonly reason?: string;
  /** Argument list or API call that produced it. */
  readonly command?: readonly string[];
  readonly exitCode?: number | null;
  readonly stderr?: string;
  /** The text as printed (JSON documents stay text); empty unless status is `ok`. */
  readonly data: string;
}

/** Facts of one host at one time. */
export interface HostFacts {
  readonly version: 1;
  /** The name of the host in the configuration. */
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
  /** When those facts were read that are older, because nothing of what they tell changed since: ISO 8601, UTC, by `factKey`. */
  readonly earlier?: Readonly<Record<string, string>>;
  readonly facts: readonly Fact[];
}

/** `ss 4026531840` */
export const factKey = ({ source, netns }: { readonly source: string; readonly netns: string | null }): string => `${source} ${netns}`;

/** Everything a collection run brought back, ordered by host name. */
export type EstateFacts = readonly HostFacts[];

/** Sources whose text describes the whole host. */
export const HOST_SOURCES = [
  'docker.version', // JSON object: {Version, ApiVersion, Os, Arch, KernelVersion}
  'docker.info', // JSON object, selected fields
  'docker.networks', // JSON array of networks, selected fields
  'docker.containers', // JSON array of containers, selected fields
  'host.namespaces', // JSON array: {inode, kind, paths, pids, containerIds, engine}
  'host.sockets', // JSON object: socket inode -> {pid, comm, netns, containerId}
  'host.docker-proxy', // JSON array: {pid, proto, hostIp, hostPort, containerIp, containerPort}
  'host.kernel', // JSON object: {release, version, machine, hostname}
] as const;

/** Sources asked once in every network namespace. */
export const NETNS_SOURCES = [
  'ip.addr', // ip -j -d addr show (links with their details and addresses)
  'ip.route', // ip -j -4 route show table all
  'ip.route6', // ip -j -6 route show table all
  'ip.rule', // ip -j -4 rule show
  'ip.rule6', // ip -j -6 rule show
  'ip.neigh', // ip -j neigh show
  'bridge.link', // bridge -j -d link show
  'bridge.vlan', // bridge -j vlan show
  'bridge.fdb', // bridge -j fdb show
  'sysctl', // lines "net.ipv4.ip_forward = 1"; slashes in interface names kept as in sysctl(8)
  'ss', // ss -H -l -n -t -u -e
  'iptables-nft', // iptables-nft-save -c
  'ip6tables-nft',
  'iptables-legacy', // iptables-legacy-save -c
  'ip6tables-legacy',
  'nft', // nft -j -a list ruleset; where chains belong to devices, nft list chains behind it
  'ipset', // ipset save
  'resolv.conf',
  'hosts',
] as const;

export type FactSource = (typeof HOST_SOURCES)[number] | (typeof NETNS_SOURCES)[number];
