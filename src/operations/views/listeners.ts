import { z } from 'zod';
import { byId, equal, filters, hasText, type View, withUniqueIds } from './view.ts';

const entity = z
  .object({
    id: z.string().describe('Stable id: host, namespace, protocol, address and port.'),
    host: z.string().describe('Host that has it.'),
    namespace: z.string().describe('Key of its network namespace.'),
    protocol: z.string().describe('tcp or udp.'),
    family: z.number().int().describe('4 or 6.'),
    address: z.string().describe('Address it is bound to; 0.0.0.0 or :: for any.'),
    port: z.number().int().describe('Port.'),
    device: z.string().nullable().describe('Interface it is bound to, if any.'),
    pid: z.number().int().nullable().describe('Process that owns it, as the host numbers it; null when not known.'),
    process: z.string().nullable().describe('Name of that process.'),
    containerName: z.string().nullable().describe('Container of that process: name if known, else id.'),
  })
  .readonly();
export type ListenerEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  host: filters.host,
  namespace: filters.namespace,
  container: filters.container,
  address: z.string().optional().describe('Address it is bound to.'),
  port: filters.port,
  protocol: filters.protocol,
  process: z.string().optional().describe('Name of the process.'),
  text: filters.text,
});

export const listeners: View<ListenerEntity, z.infer<typeof filter>> = {
  kind: 'listener',
  entity,
  filter,
  sources: ['host.namespaces', 'ss', 'host.sockets'],
  list: (model) => {
    const containers = model.hosts.flatMap((host) => (host.containers.known ? host.containers.value : []));
    const names = new Map(containers.map((container) => [container.id, container.name]));
    return byId(
      withUniqueIds(
        model.hosts
          .flatMap((host) => host.namespaces)
          .flatMap((netns) =>
            (netns.listeners.known ? netns.listeners.value : []).map((listener) => {
              const address = listener.family === 6 ? `[${listener.address}]` : listener.address;
              const device = listener.dev === null ? '' : `%${listener.dev}`;
              return {
                id: `listener:${netns.host}/${netns.key}/${listener.protocol}/${address}${device}:${listener.port}`,
                host: netns.host,
                namespace: netns.key,
                protocol: listener.protocol,
                family: listener.family,
                address: listener.address,
                port: listener.port,
                device: listener.dev,
                pid: listener.pid,
                process: listener.process,
                containerName: listener.containerId && (names.get(listener.containerId) ?? listener.containerId),
              };
            }),
          ),
      ),
    );
  },
  matches: (listener, wanted) =>
    equal(wanted.host, listener.host) &&
    equal(wanted.namespace, listener.namespace) &&
    equal(wanted.container, listener.containerName) &&
    equal(wanted.address, listener.address) &&
    (wanted.port === undefined || wanted.port === listener.port) &&
    equal(wanted.protocol, listener.protocol) &&
    equal(wanted.process, listener.process) &&
    hasText(listener, wanted.text),
};
