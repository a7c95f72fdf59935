/** Small estates written down by hand, as the facts that a collection would have brought. */
import type { EstateFacts, Fact, FactSource, HostFacts } from '../../src/model/facts.ts';

export function fact(source: FactSource, data: unknown, netns: string | null = null): Fact {
  return { source, netns, status: 'ok', data: typeof data === 'string' ? data : JSON.stringify(data) };
}

export function failedFact(source: FactSource, reason: string, netns: string | null = null): Fact {
  return { source, netns, status: 'failed', reason, data: '' };
}

export function absentFact(source: FactSource, netns: string | null = null): Fact {
  return { source, netns, status: 'absent', reason: 'not there', data: '' };
}

/** An id of 64 hexadecimal digits that begins with `start`. */
export function id(start: string): string {
  return start.padEnd(64, '0');
}

export interface LinkSketch {
  readonly name: string;
  readonly index: number;
  readonly addresses?: readonly string[];
  readonly kind?: string;
  readonly peer?: number;
  readonly nsid?: number;
  readonly master?: string;
  readonly mac?: string;
  readonly data?: Record<string, unknown>;
  readonly up?: boolean;
}

function linkJson(link: LinkSketch): unknown {
  return {
    ifindex: link.index,
    ifname: link.name,
    ...(link.peer === undefined ? {} : { link_index: link.peer }),
    ...(link.nsid === undefined ? {} : { link_netnsid: link.nsid }),
    flags: link.up === false ? ['BROADCAST'] : link.name === 'lo' ? ['LOOPBACK', 'UP', 'LOWER_UP'] : ['BROADCAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    ...(link.master === undefined ? {} : { master: link.master }),
    group: 'default',
    link_type: link.name === 'lo' ? 'loopback' : 'ether',
    address: link.mac ?? `02:00:00:00:00:${link.index.toString(16).padStart(2, '0')}`,
    ...(link.kind === undefined ? {} : { linkinfo: { info_kind: link.kind, ...(link.data ? { info_data: link.data } : {}) } }),
    addr_info: (link.addresses ?? []).map((text) => {
      const [local, length] = text.split('/');
      const v6 = text.includes(':');
      return { family: v6 ? 'inet6' : 'inet', local, prefixlen: Number(length), scope: local?.startsWith('127.') || local === '::1' ? 'host' : 'global' };
    }),
  };
}

export interface NetnsSketch {
  readonly inode: string;
  readonly kind?: 'host' | 'container' | 'named' | 'process';
  readonly names?: readonly string[];
  readonly containers?: readonly string[];
  readonly links?: readonly LinkSketch[];
  readonly routes?: readonly unknown[];
  readonly listeners?: string;
  readonly sysctls?: string;
  readonly resolver?: string;
  readonly hosts?: string;
  readonly iptables?: string;
}

const LO: LinkSketch = { name: 'lo', index: 1, addresses: ['127.0.0.1/8', '::1/128'] };

export function netnsFacts(n: NetnsSketch): Fact[] {
  return [
    fact('ip.addr', [LO, ...(n.links ?? [])].map(linkJson), n.inode),
    fact('ip.route', n.routes ?? [], n.inode),
    fact('ip.route6', [], n.inode),
    fact(
      'ip.rule',
      [
        { priority: 0, src: 'all', table: 'local' },
        { priority: 32766, src: 'all', table: 'main' },
        { priority: 32767, src: 'all', table: 'default' },
      ],
      n.inode,
    ),
    fact('ip.rule6', [], n.inode),
    fact('ip.neigh', [], n.inode),
    absentFact('bridge.link', n.inode),
    absentFact('bridge.vlan', n.inode),
    absentFact('bridge.fdb', n.inode),
    fact('sysctl', n.sysctls ?? 'net.ipv4.ip_forward = 1\n', n.inode),
    fact('ss', n.listeners ?? '', n.inode),
    n.iptables === undefined ? absentFact('iptables-nft', n.inode) : fact('iptables-nft', n.iptables, n.inode),
    absentFact('ip6tables-nft', n.inode),
    absentFact('iptables-legacy', n.inode),
    absentFact('ip6tables-legacy', n.inode),
    absentFact('nft', n.inode),
    absentFact('ipset', n.inode),
    n.resolver === undefined ? absentFact('resolv.conf', n.inode) : fact('resolv.conf', n.resolver, n.inode),
    n.hosts === undefined ? absentFact('hosts', n.inode) : fact('hosts', n.hosts, n.inode),
  ];
}

export interface EndpointSketch {
  readonly network: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly aliases?: readonly string[];
  readonly links?: readonly string[];
}

export interface ContainerSketch {
  readonly id: string;
  readonly name: string;
  readonly state?: string;
  readonly mode?: string;
  readonly endpoints?: readonly EndpointSketch[];
  readonly labels?: Record<string, string>;
  readonly hostname?: string;
  readonly extraHosts?: readonly string[];
  readonly links?: readonly string[];
  readonly asked?: Record<string, unknown>;
  readonly given?: Record<string, unknown>;
  readonly restartCount?: number;
  readonly startedAt?: string;
  readonly pid?: number;
}

/** The id that `network()` gives to a network of that name. */
export function networkId(name: string): string {
  return id(
    [...name]
      .map((char) => char.charCodeAt(0).toString(16))
      .join('')
      .slice(0, 60),
  );
}

export function network(name: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  const builtIn = name === 'bridge' || name === 'host' || name === 'none';
  const options = name === 'bridge' ? { 'com.docker.network.bridge.default_bridge': 'true', 'com.docker.network.bridge.name': 'docker0' } : {};
  return {
    Id: networkId(name),
    Name: name,
    Driver: name === 'none' ? 'null' : builtIn ? name : 'bridge',
    Scope: 'local',
    Options: options,
    Labels: {},
    ...extra,
  };
}

function containerJson(c: ContainerSketch): unknown {
  const running = (c.state ?? 'running') === 'running';
  return {
    Id: c.id,
    Name: `/${c.name}`,
    RestartCount: c.restartCount ?? 0,
    State: { Status: c.state ?? 'running', Pid: running ? (c.pid ?? 100) : 0, ExitCode: 0, StartedAt: c.startedAt ?? '2026-01-01T00:00:00Z' },
    HostConfig: {
      NetworkMode: c.mode ?? c.endpoints?.[0]?.network ?? 'bridge',
      PortBindings: c.asked ?? {},
      ExtraHosts: c.extraHosts ?? null,
      Links: c.links ?? null,
    },
    Config: { Hostname: c.hostname ?? c.id.slice(0, 12), Image: 'busybox', Labels: c.labels ?? {} },
    NetworkSettings: {
      SandboxKey: '',
      Ports: c.given ?? {},
      Networks: Object.fromEntries(
        (c.endpoints ?? []).map((e) => [
          e.network,
          {
            NetworkID: networkId(e.network),
            IPAddress: running ? (e.ipv4 ?? '') : '',
            GlobalIPv6Address: running ? (e.ipv6 ?? '') : '',
            Aliases: e.network === 'bridge' ? null : [c.id.slice(0, 12), ...(e.aliases ?? [])],
            Links: e.links ?? null,
          },
        ]),
      ),
    },
  };
}

export interface HostSketch {
  readonly name: string;
  readonly networks?: readonly Record<string, unknown>[];
  readonly containers?: readonly ContainerSketch[];
  readonly namespaces: readonly NetnsSketch[];
  readonly kernel?: Record<string, string>;
  /** Facts in place of those made here, by source and namespace. */
  readonly instead?: readonly Fact[];
}

export function hostFacts(host: HostSketch): HostFacts {
  const listed = host.namespaces.map((n) => ({
    inode: n.inode,
    kind: n.kind ?? (n.containers ? 'container' : 'named'),
    paths: (n.names ?? []).map((name) => `/run/netns/${name}`),
    names: n.names ?? [],
    pids: [],
    containerIds: n.containers ?? [],
  }));
  const made = [
    fact('docker.version', { Version: '28.5.2', ApiVersion: '1.51' }),
    fact('docker.info', { ID: 'engine', Name: host.name }),
    fact('docker.networks', host.networks ?? []),
    fact('docker.containers', (host.containers ?? []).map(containerJson)),
    fact('host.namespaces', listed),
    fact('host.sockets', {}),
    fact('host.docker-proxy', []),
    fact('host.kernel', { release: '6.18.5', version: '#1', machine: 'x86_64', hostname: host.name, ...host.kernel }),
    ...host.namespaces.flatMap(netnsFacts),
  ];
  const replaced = new Set((host.instead ?? []).map((f) => `${f.source} ${f.netns}`));
  const facts = [...made.filter((f) => !replaced.has(`${f.source} ${f.netns}`)), ...(host.instead ?? [])];
  return { version: 1, host: host.name, collectedAt: '2026-01-01T00:00:00.000Z', facts };
}

export function estate(...hosts: readonly HostSketch[]): EstateFacts {
  return hosts.map(hostFacts);
}
