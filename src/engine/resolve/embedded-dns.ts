/** What the engine's DNS server at 127.0.0.11 knows (moby libnetwork: sandbox.ResolveName, network.addSvcRecords). */
import type { Container, DockerNetwork, Endpoint } from '../../model/docker.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Host, Model } from '../../model/model.ts';
import type { IpVersion } from '../../model/network.ts';
import { allContainers, isRunning, networkIdentity, type Placed } from './places.ts';

export const EMBEDDED_DNS = '127.0.0.11';

export interface DnsRecord {
  readonly container: Placed<Container>;
  readonly endpoint: Endpoint;
  readonly evidence: Evidence;
}

const WITHOUT_DNS: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);

/** Endpoints in user-defined networks: only these have names. */
export function userEndpoints(container: Container): readonly Endpoint[] {
  return container.endpoints.filter((e) => !WITHOUT_DNS.has(e.networkName) && e.networkId !== '');
}

/** Names of a container in one network. A hostname is not one of them. */
export function namesIn(container: Container, endpoint: Endpoint): readonly string[] {
  const service = container.service === null || container.labels['com.docker.swarm.service.name'] !== undefined ? [] : [container.service];
  return [container.name, container.id.slice(0, 12), ...endpoint.aliases, ...service];
}

function matches(container: Container, endpoint: Endpoint, name: string): string | null {
  const names = namesIn(container, endpoint);
  const found = names.find((n) => n.toLowerCase() === name);
  if (found !== undefined) return found;
  // each name is also known with the network's name behind it
  const qualified = names.find((n) => `${n}.${endpoint.networkName}`.toLowerCase() === name);
  if (qualified !== undefined) return qualified;
  const swarm = container.labels['com.docker.swarm.service.name'];
  return swarm !== undefined && name === `tasks.${swarm}`.toLowerCase() ? swarm : null;
}

function networkOf(host: Host, endpoint: Endpoint): DockerNetwork | undefined {
  return host.networks.known ? host.networks.value.find((n) => n.id === endpoint.networkId) : undefined;
}

/** Endpoints of a sandbox in the order it asks them: by gateway priority, internal ones last, then by name. */
function askedInOrder(host: Host, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const internal = (e: Endpoint) => (networkOf(host, e)?.internal ? 1 : 0);
  return [...endpoints].sort((a, b) => b.gatewayPriority - a.gatewayPriority || internal(a) - internal(b) || (a.networkName < b.networkName ? -1 : 1));
}

function record(container: Placed<Container>, endpoint: Endpoint, name: string): DnsRecord {
  const { host, it } = container;
  const locator = `${it.source.locator}/NetworkSettings/Networks/${endpoint.networkName.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const excerpt = `${name} is ${it.name} in ${endpoint.networkName}: ${endpoint.ipv4 ?? endpoint.ipv6 ?? 'no address'}`;
  return { container, endpoint, evidence: { host: host.name, netns: null, collector: it.source.source, locator, excerpt, collectedAt: host.collectedAt } };
}

function linked(endpoint: Endpoint, name: string): string | null {
  const link = endpoint.links.find((l) => l.split(':')[1]?.toLowerCase() === name);
  return link?.split(':')[0] ?? null;
}

/** Records of the first network that has the name: the server does not look further. `name` in lower case. */
export function lookUp(model: Model, host: Host, source: Container, name: string, family: IpVersion | undefined): readonly DnsRecord[] {
  const identity = networkIdentity(model, source);
  for (const mine of askedInOrder(host, userEndpoints(identity))) {
    const target = linked(mine, name);
    const records = allContainers(model).flatMap((container) => {
      const endpoint = container.it.endpoints.find((e) => e.networkId === mine.networkId);
      if (!endpoint || !isRunning(container.it)) return [];
      const known = target === null ? matches(container.it, endpoint, name) : container.it.name === target || container.it.id === target ? name : null;
      const address = family === 6 ? endpoint.ipv6 : family === 4 ? endpoint.ipv4 : (endpoint.ipv4 ?? endpoint.ipv6);
      return known === null || address === null ? [] : [record(container, endpoint, known)];
    });
    if (records.length > 0) return records;
  }
  return [];
}
