/** One host as rules look at it. */
import type { Container, DockerNetwork } from '../model/docker.ts';
import type { Evidence, SourceRef } from '../model/evidence.ts';
import type { Host, Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import type { Found } from './found.ts';

export interface Scene {
  readonly model: Model;
  readonly host: Host;
  /** The host's own namespace; null where it was not found. */
  readonly own: Netns | null;
  /** Empty where they are not known. */
  readonly containers: readonly Container[];
  readonly running: readonly Container[];
  readonly networks: ReadonlyMap<string, DockerNetwork>;
}

export function sceneOf(model: Model, host: Host): Scene {
  const containers = host.containers.known ? host.containers.value : [];
  const networks = host.networks.known ? host.networks.value : [];
  return {
    model,
    host,
    own: (host.ownNetns !== null && model.namespaces.get(host.ownNetns)) || null,
    containers,
    running: containers.filter(({ state }) => state === 'running'),
    networks: new Map(networks.map((network) => [network.id, network])),
  };
}

export const netnsOf = ({ model }: Scene, container: Container): Netns | null => (container.netns !== null && model.namespaces.get(container.netns)) || null;

export const linkOf = (netns: Netns | null | undefined, name: string): Link | undefined =>
  netns?.links.known ? netns.links.value.find((link) => link.name === name) : undefined;

/** Null where it is not known, or the kernel does not have it. */
export const sysctl = (netns: Netns | null, key: string): string | null => (netns?.sysctls.known && netns.sysctls.value.get(key)) || null;

export const containerId = (container: Container) => `container:${container.host}/${container.name}`;
export const networkId = ({ host }: Scene, network: DockerNetwork) => `network:${host.name}/${network.name}`;

export const hostSubject = ({ host }: Scene): Found['subject'] => ({ kind: 'host', name: host.name, id: `host:${host.name}` });
export const networkSubject = (scene: Scene, network: DockerNetwork): Found['subject'] => ({
  kind: 'network',
  name: network.name,
  id: networkId(scene, network),
});
export const interfaceSubject = ({ host }: Scene, netns: Netns, link: string): Found['subject'] => ({
  kind: 'interface',
  name: link,
  id: `interface:${host.name}/${netns.key}/${link}`,
});

/** Docker networks on a bridge of this host that let their containers out, with the containers that run in them. */
export function* openBridges(scene: Scene): Generator<{ readonly network: DockerNetwork; readonly bridge: string; readonly members: readonly Container[] }> {
  for (const network of scene.networks.values()) {
    const members = scene.running.filter(({ endpoints }) => endpoints.some(({ networkId: id }) => id === network.id));
    const open = network.driver === 'bridge' && !network.internal && network.options['com.docker.network.bridge.gateway_mode_ipv4'] !== 'isolated';
    if (open && network.bridge !== null && members.length > 0) yield { network, bridge: network.bridge, members };
  }
}

/** Interfaces that default routes lead out by. */
export function uplinks({ own }: Scene): readonly string[] {
  const routes = own?.routes[4].known ? own.routes[4].value : [];
  const defaults = routes.filter(({ dst, type }) => dst === '0.0.0.0/0' && type === 'unicast');
  return [...new Set(defaults.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? [])))];
}

export const linksOf = (netns: Netns | null): readonly Link[] => (netns?.links.known ? netns.links.value : []);

/** What a finding about a container says of where it is. */
export const ofContainer = (scene: Scene, container: Container) => ({
  subject: { kind: 'container', name: container.name, id: containerId(container) },
  container: container.name,
  about: [
    containerId(container),
    ...container.endpoints.flatMap(({ networkId: id }) => {
      const network = scene.networks.get(id);
      return network ? [networkId(scene, network)] : [];
    }),
  ],
});

/** A line that proves it; `netns` null for a fact of the whole host. */
export const proof = ({ host }: Scene, netns: Netns | null, { source, locator }: SourceRef, excerpt: string, counters?: Evidence['counters']): Evidence => ({
  host: host.name,
  netns: netns?.key ?? null,
  collector: source,
  locator,
  excerpt,
  collectedAt: host.collectedAt,
  ...(counters && { counters }),
});

export const sysctlProof = (scene: Scene, netns: Netns, key: string): Evidence =>
  proof(scene, netns, { source: 'sysctl', locator: `net.${key}` }, `net.${key} = ${sysctl(netns, key)}`);

/** A place inside a container's JSON. */
export const containerProof = (scene: Scene, container: Container, pointer: string, excerpt: string): Evidence =>
  proof(scene, null, { source: container.source.source, locator: container.source.locator + pointer }, excerpt);

export const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
