/** What a Docker Engine (or Podman's compatible API) says. Only fields that netwhy uses; never environment or command lines. */
import type { SourceRef } from './evidence.ts';

export interface Engine {
  readonly version: string;
  readonly apiVersion: string;
  readonly id: string | null;
  readonly hostname: string | null;
  /** `none` where the engine was told not to touch the firewall and says so. */
  readonly firewallBackend: string | null;
  readonly swarm: boolean;
  /** Where it was asked, for example unix:///var/run/docker.sock. */
  readonly endpoint: string;
}

export interface IpamPool {
  readonly subnet: string;
  readonly gateway: string | null;
  readonly ipRange: string | null;
}

export interface DockerNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly scope: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly ipv6: boolean;
  readonly ipam: readonly IpamPool[];
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Linux bridge interface for driver `bridge`: the option, `docker0` for the default, else br-<12 of id>. */
  readonly bridge: string | null;
  readonly source: SourceRef;
}

/** A container's place in a network. */
export interface Endpoint {
  readonly networkId: string;
  readonly networkName: string;
  readonly endpointId: string | null;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  readonly mac: string | null;
  readonly gateway: string | null;
  readonly gatewayPriority: number;
  readonly aliases: readonly string[];
  readonly links: readonly string[];
}

export interface PublishedPort {
  readonly protocol: string;
  readonly containerPort: number;
  /** As asked for in HostConfig.PortBindings; null when not asked (exposed only). */
  readonly asked: { readonly hostIp: string; readonly hostPort: string } | null;
  /** As given in NetworkSettings.Ports; null when the container does not run or the port is only exposed. */
  readonly given: { readonly hostIp: string; readonly hostPort: number } | null;
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'unknown';

export interface Container {
  readonly host: string;
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly health: string | null;
  readonly restartCount: number;
  readonly exitCode: number | null;
  readonly startedAt: string | null;
  readonly pid: number | null;
  /** `bridge`, `host`, `none`, `container:ID`, or a network's name. */
  readonly networkMode: string;
  /** `container:` mode: full id of the owner. */
  readonly sharesNetworkOf: string | null;
  readonly hostname: string;
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly PublishedPort[];
  /** Ports the image or the create call exposes, as `80/tcp`. */
  readonly exposed: readonly string[];
  readonly publishAll: boolean;
  readonly project: string | null;
  readonly service: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly extraHosts: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly sandboxKey: string | null;
  /** Netns.id, null when it does not run or its namespace was not read. */
  readonly netns: string | null;
  readonly source: SourceRef;
}

/** A docker-proxy process: a second path to a published port. */
export interface DockerProxy {
  readonly pid: number;
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerIp: string;
  readonly containerPort: number;
}
