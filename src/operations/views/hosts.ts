import { z } from 'zod';
import { byId, DOCKER_SOURCES, type Entity, equal, filters, hasText, type View } from './view.ts';

const entity = z
  .object({
    id: z.string().describe('Stable id: `host:NAME`.'),
    host: z.string().describe('Name in the configuration; the same as `name`.'),
    name: z.string().describe('Name in the configuration.'),
    hostname: z.string().nullable().describe('What the machine calls itself.'),
    kernel: z.string().nullable().describe('Release of the kernel.'),
    addresses: z.array(z.string()).readonly().describe("Addresses of the host's own namespace, without loopback and link-local ones."),
    engine: z
      .object({
        version: z.string().describe('Version of the engine.'),
        apiVersion: z.string().describe('Version of its API.'),
        endpoint: z.string().describe('Where it was asked.'),
        firewallBackend: z.string().nullable().describe('Firewall backend that it says it uses.'),
        swarm: z.boolean().describe('Whether it is a node of a swarm.'),
      })
      .readonly()
      .nullable()
      .describe('The Docker Engine; null when there is none or it did not answer.'),
    networkCount: z.number().int().nullable().describe('How many Docker networks it has; null when not known.'),
    containerCount: z.number().int().nullable().describe('How many containers it has, in any state; null when not known.'),
    namespaceCount: z.number().int().describe('How many network namespaces were read.'),
    gapCount: z.number().int().describe('How many facts are missing.'),
    collectedAt: z.string().describe('When its facts were read.'),
  })
  .readonly();
export type HostEntity = z.infer<typeof entity>;

const filter = z.strictObject({ host: filters.host, name: filters.name, address: filters.address, text: filters.text });

export const hosts: View<HostEntity & Entity, z.infer<typeof filter>> = {
  kind: 'host',
  entity,
  filter,
  sources: ['docker.version', 'docker.info', 'host.kernel', 'host.namespaces', ...DOCKER_SOURCES, 'ip.addr'],
  list: (model) =>
    byId(
      model.hosts.map((host) => {
        const own = host.namespaces.find((netns) => netns.id === host.ownNetns);
        const addresses = own?.links.known ? own.links.value.flatMap((link) => link.addresses) : [];
        const engine = host.engine?.known ? host.engine.value : null;
        return {
          id: `host:${host.name}`,
          host: host.name,
          name: host.name,
          hostname: host.hostname,
          kernel: host.kernel,
          addresses: addresses.filter((address) => address.scope === 'global').map((address) => address.address),
          engine: engine && {
            version: engine.version,
            apiVersion: engine.apiVersion,
            endpoint: engine.endpoint,
            firewallBackend: engine.firewallBackend,
            swarm: engine.swarm,
          },
          networkCount: host.networks.known ? host.networks.value.length : null,
          containerCount: host.containers.known ? host.containers.value.length : null,
          namespaceCount: host.namespaces.length,
          gapCount: host.gaps.length,
          collectedAt: host.collectedAt,
        };
      }),
    ),
  matches: (host, wanted) =>
    equal(wanted.host, host.name) &&
    equal(wanted.name, host.name, host.hostname) &&
    (wanted.address === undefined || host.addresses.includes(wanted.address)) &&
    hasText(host, wanted.text),
};
