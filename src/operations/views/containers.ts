import { z } from 'zod';
import type { Container } from '../../model/docker.ts';
import { byId, DOCKER_SOURCES, equal, filters, hasText, named, pairSchema, pairs, type View, withUniqueIds } from './view.ts';

const port = z
  .object({
    protocol: z.string().describe('tcp, udp or sctp.'),
    containerPort: z.number().int().describe('Port inside the container.'),
    askedHostIp: z.string().nullable().describe('Host address asked for; empty for any; null when it was not asked to be published.'),
    askedHostPort: z.string().nullable().describe('Host port asked for: a number, a range, or empty for any free one.'),
    hostIp: z.string().nullable().describe('Host address in force; null when it is not published now.'),
    hostPort: z.number().int().nullable().describe('Host port in force; null when it is not published now.'),
  })
  .readonly();

const entity = z
  .object({
    id: z.string().describe('Stable id: `container:HOST/NAME`.'),
    host: z.string().describe('Host that has it.'),
    name: z.string().describe('Name.'),
    dockerId: z.string().describe("Docker's id."),
    image: z.string().describe('Image it was made from.'),
    state: z.string().describe('created, running, paused, restarting, removing, exited, dead or unknown.'),
    health: z.string().nullable().describe('Health, where it is checked.'),
    restartCount: z.number().int().describe('How often the engine restarted it.'),
    exitCode: z.number().int().nullable().describe('Exit code of its last run.'),
    startedAt: z.string().nullable().describe('When it was started last.'),
    pid: z.number().int().nullable().describe('Its first process, as the host numbers it.'),
    networkMode: z.string().describe("bridge, host, none, container:ID or a network's name."),
    sharesNetworkOf: z.string().nullable().describe('Container whose network namespace it shares: name if known, else id.'),
    namespace: z.string().nullable().describe('Key of its network namespace; null when it has none or it was not read.'),
    networkNames: z.array(z.string()).readonly().describe('Networks it is connected to.'),
    addresses: z.array(z.string()).readonly().describe('Its addresses in them.'),
    ports: z.array(port).readonly().describe('Published ports, as asked and as given.'),
    exposed: z.array(z.string()).readonly().describe('Exposed ports, as 80/tcp.'),
    project: z.string().nullable().describe('Compose project.'),
    service: z.string().nullable().describe('Compose service.'),
    labels: z.array(pairSchema).readonly().describe('Labels.'),
  })
  .readonly();
export type ContainerEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  host: filters.host,
  name: filters.name,
  network: filters.network,
  address: filters.address,
  port: filters.port,
  protocol: filters.protocol,
  state: z.string().optional().describe('running, exited, ...'),
  project: z.string().optional().describe('Compose project.'),
  service: z.string().optional().describe('Compose service.'),
  text: filters.text,
});

const addressesOf = (container: Container) => container.endpoints.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]).filter((address) => address !== null);

export const containers: View<ContainerEntity, z.infer<typeof filter>> = {
  kind: 'container',
  entity,
  filter,
  sources: DOCKER_SOURCES,
  list: (model) => {
    const all = model.hosts.flatMap((host) => (host.containers.known ? host.containers.value : []));
    const names = new Map(all.map((container) => [container.id, container.name]));
    const entities = all.map((container) => ({
      id: `container:${container.host}/${container.name}`,
      host: container.host,
      name: container.name,
      dockerId: container.id,
      image: container.image,
      state: container.state,
      health: container.health,
      restartCount: container.restartCount,
      exitCode: container.exitCode,
      startedAt: container.startedAt,
      pid: container.pid,
      networkMode: container.networkMode,
      sharesNetworkOf: container.sharesNetworkOf && (names.get(container.sharesNetworkOf) ?? container.sharesNetworkOf),
      namespace: container.netns === null ? null : (model.namespaces.get(container.netns)?.key ?? null),
      networkNames: container.endpoints.map((endpoint) => endpoint.networkName),
      addresses: addressesOf(container),
      ports: container.ports.map((published) => ({
        protocol: published.protocol,
        containerPort: published.containerPort,
        askedHostIp: published.asked?.hostIp ?? null,
        askedHostPort: published.asked?.hostPort ?? null,
        hostIp: published.given?.hostIp ?? null,
        hostPort: published.given?.hostPort ?? null,
      })),
      exposed: container.exposed,
      project: container.project,
      service: container.service,
      labels: pairs(container.labels),
    }));
    return byId(withUniqueIds(entities));
  },
  matches: (container, wanted) =>
    equal(wanted.host, container.host) &&
    named(wanted.name, container.name, container.dockerId) &&
    (wanted.network === undefined || container.networkNames.includes(wanted.network)) &&
    (wanted.address === undefined || container.addresses.includes(wanted.address)) &&
    portMatches(container, wanted.port, wanted.protocol) &&
    equal(wanted.state, container.state) &&
    equal(wanted.project, container.project) &&
    equal(wanted.service, container.service) &&
    hasText(container, wanted.text),
};

function portMatches(container: ContainerEntity, port: number | undefined, protocol: string | undefined): boolean {
  if (port === undefined && protocol === undefined) return true;
  const published = container.ports.some(
    (entry) => (port === undefined || entry.containerPort === port || entry.hostPort === port) && equal(protocol, entry.protocol),
  );
  const exposed = container.exposed.some((text) => {
    const [number, name = 'tcp'] = text.split('/');
    return (port === undefined || Number(number) === port) && equal(protocol, name);
  });
  return published || exposed;
}
