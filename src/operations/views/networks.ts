import { z } from 'zod';
import { inPrefix } from '../../util/ip.ts';
import { byId, DOCKER_SOURCES, equal, filters, hasText, named, pairSchema, pairs, type View, withUniqueIds } from './view.ts';

const subnet = z
  .object({
    subnet: z.string().describe('Prefix, as 172.18.0.0/16.'),
    gateway: z.string().nullable().describe("The bridge's address in it."),
    ipRange: z.string().nullable().describe('Where addresses are taken from, when that is not the whole subnet.'),
  })
  .readonly();

const entity = z
  .object({
    id: z.string().describe('Stable id: `network:HOST/NAME`.'),
    host: z.string().describe('Host that has it.'),
    name: z.string().describe('Name.'),
    dockerId: z.string().describe("Docker's id."),
    driver: z.string().describe('Driver: bridge, overlay, macvlan, ...'),
    scope: z.string().describe('local or swarm.'),
    internal: z.boolean().describe('Made with --internal: no way out.'),
    attachable: z.boolean().describe('Overlay: plain containers may join.'),
    ipv6: z.boolean().describe('IPv6 is on.'),
    subnets: z.array(subnet).readonly().describe('Address pools.'),
    bridge: z.string().nullable().describe('Linux bridge behind it.'),
    options: z.array(pairSchema).readonly().describe('Driver options.'),
    labels: z.array(pairSchema).readonly().describe('Labels.'),
  })
  .readonly();
export type NetworkEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  host: filters.host,
  name: filters.name,
  driver: z.string().optional().describe('Driver: bridge, overlay, macvlan, ...'),
  address: filters.address,
  text: filters.text,
});

export const networks: View<NetworkEntity, z.infer<typeof filter>> = {
  kind: 'network',
  entity,
  filter,
  sources: DOCKER_SOURCES,
  list: (model) =>
    byId(
      withUniqueIds(
        model.hosts.flatMap((host) =>
          (host.networks.known ? host.networks.value : []).map((network) => ({
            id: `network:${host.name}/${network.name}`,
            host: host.name,
            name: network.name,
            dockerId: network.id,
            driver: network.driver,
            scope: network.scope,
            internal: network.internal,
            attachable: network.attachable,
            ipv6: network.ipv6,
            subnets: network.ipam.map((pool) => ({ subnet: pool.subnet, gateway: pool.gateway, ipRange: pool.ipRange })),
            bridge: network.bridge,
            options: pairs(network.options),
            labels: pairs(network.labels),
          })),
        ),
      ),
    ),
  matches: (network, wanted) =>
    equal(wanted.host, network.host) &&
    named(wanted.name, network.name, network.dockerId) &&
    equal(wanted.driver, network.driver) &&
    (wanted.address === undefined || network.subnets.some((pool) => inPrefix(pool.subnet, wanted.address!))) &&
    hasText(network, wanted.text),
};
