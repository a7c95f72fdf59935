import { defaultHost } from '../collectors/index.ts';
import { connect } from '../collectors/transport/docker.ts';
import type { HostConfig } from '../model/host-config.ts';

/** Names that are there to be typed. Engines alone are asked, no namespace is entered; one that does not answer in time has none. */
export function knownNames(
  configured: readonly HostConfig[] | null,
  timeoutMs: number,
): { readonly hosts: readonly string[]; containers(): Promise<string[]> } {
  const hosts = configured ?? [defaultHost()];
  const listed = async ({ docker, namespaceOf }: HostConfig) => {
    const engine = await connect(docker, namespaceOf === 'local' ? '/' : `/proc/${namespaceOf}/root`, timeoutMs);
    const all = await engine.listContainers({ all: true });
    return all.flatMap(({ Names }) => Names.slice(0, 1).map((name) => name.replace(/^\//, '')));
  };
  return {
    hosts: hosts.map(({ name }) => name),
    containers: async () => {
      const lists = await Promise.allSettled(hosts.filter(({ docker }) => docker !== 'none').map(listed));
      return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])).sort();
    },
  };
}
