import { z } from 'zod';
import { byId, DOCKER_SOURCES, equal, filters, hasText, named, type View, withUniqueIds } from './view.ts';

const entity = z
  .object({
    id: z.string().describe('Stable id: `endpoint:HOST/NETWORK/CONTAINER`.'),
    host: z.string().describe('Host that has it.'),
    networkName: z.string().describe('Name of the network.'),
    networkId: z.string().describe("Docker's id of the network."),
    containerName: z.string().describe('Name of the container.'),
    containerId: z.string().describe("Docker's id of the container."),
    endpointId: z.string().nullable().describe("Docker's id of the endpoint; null while the container does not run."),
    ipv4: z.string().nullable().describe('IPv4 address.'),
    ipv6: z.string().nullable().describe('IPv6 address.'),
    mac: z.string().nullable().describe('MAC address.'),
    gateway: z.string().nullable().describe('Default gateway in this network.'),
    aliases: z.array(z.string()).readonly().describe("Names that the network's DNS knows it by, besides the container's."),
  })
  .readonly();
export type EndpointEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  host: filters.host,
  network: filters.network,
  container: filters.container,
  address: filters.address,
  text: filters.text,
});

export const endpoints: View<EndpointEntity, z.infer<typeof filter>> = {
  kind: 'endpoint',
  entity,
  filter,
  sources: DOCKER_SOURCES,
  list: (model) =>
    byId(
      withUniqueIds(
        model.hosts.flatMap((host) =>
          (host.containers.known ? host.containers.value : []).flatMap((container) =>
            container.endpoints.map((endpoint) => ({
              id: `endpoint:${host.name}/${endpoint.networkName}/${container.name}`,
              host: host.name,
              networkName: endpoint.networkName,
              networkId: endpoint.networkId,
              containerName: container.name,
              containerId: container.id,
              endpointId: endpoint.endpointId,
              ipv4: endpoint.ipv4,
              ipv6: endpoint.ipv6,
              mac: endpoint.mac,
              gateway: endpoint.gateway,
              aliases: endpoint.aliases,
            })),
          ),
        ),
      ),
    ),
  matches: (endpoint, wanted) =>
    equal(wanted.host, endpoint.host) &&
    named(wanted.network, endpoint.networkName, endpoint.networkId) &&
    named(wanted.container, endpoint.containerName, endpoint.containerId) &&
    equal(wanted.address, endpoint.ipv4, endpoint.ipv6) &&
    hasText(endpoint, wanted.text),
};
