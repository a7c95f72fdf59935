import type { Container, DockerNetwork } from '../../model/docker.ts';
import type { Netns } from '../../model/network.ts';
import { ask, placeOf } from '../ask.ts';
import type { FindingRule } from '../rule.ts';
import { netnsOf, networkId, networkSubject, ofContainer, proof, type Scene } from '../scene.ts';

const EMBEDDED = '127.0.0.11';

interface Server {
  readonly from: string;
  readonly address: string;
}

/** Whom names outside of Docker are asked of, and from where; Docker's own nameserver asks on behalf of the container. */
function serversOf({ host }: Scene, container: Container, netns: Netns): Server[] {
  if (!netns.resolver.known) return [];
  const { nameservers, external = [] } = netns.resolver.value;
  const inside = nameservers.filter((address) => address !== EMBEDDED).map((address) => ({ from: placeOf(container), address }));
  const behind = nameservers.includes(EMBEDDED)
    ? external.map(({ address, onHost }) => ({ from: onHost ? `host:${host.name}` : placeOf(container), address }))
    : [];
  return [...inside, ...behind];
}

export const unreachableNameserver: FindingRule = {
  code: 'UNREACHABLE_NAMESERVER',
  severity: 'HIGH',
  title: 'None of the nameservers is reached',
  why: 'Names outside of Docker do not resolve there, or only after a long wait.',
  mend: 'Give the container a nameserver that it reaches (`--dns`), or restart it: it keeps the list that the host had when it was started.',
  dependsOn: [
    'IP_FORWARD_OFF',
    'LINK_DOWN',
    'BRIDGE_PORT_MISSING',
    'GATEWAY_ADDRESS_MISSING',
    'NO_DEFAULT_ROUTE',
    'ENGINE_RULES_MISSING',
    'FORWARD_POLICY_DROP',
  ],
  *check(scene) {
    for (const { network, members } of groups(scene)) {
      const [first] = members;
      const silent = ({ from, address }: Server) => ask(scene.model, from, address, 53, 'udp')?.verdict === 'UNREACHABLE';
      // They share their way out: where the first gets an answer, the others may.
      if (!first?.servers.every(silent)) continue;
      const cut = members.filter(({ servers }) => servers.every(silent));
      const list = first.servers.map(({ address }) => address).join(', ');
      const reach = `${list} for names, and ${cut.length === 1 ? 'does' : 'do'} not reach ${first.servers.length === 1 ? 'it' : 'any of them'}`;
      yield {
        ...(cut.length === 1
          ? ofContainer(scene, first.container)
          : { subject: networkSubject(scene, network), about: [networkId(scene, network)], detail: list }),
        text: cut.length === 1 ? `${first.container.name} asks ${reach}.` : `${cut.length} containers of network ${network.name} ask ${reach}.`,
        evidence: [proof(scene, first.netns, { source: 'resolv.conf', locator: '' }, `nameserver ${list}`)],
        remedy: null,
      };
    }
  },
};

interface Asking {
  readonly container: Container;
  readonly netns: Netns;
  readonly servers: readonly Server[];
}

/** Containers that ask the same nameservers from the same network. */
function groups(scene: Scene): readonly { readonly network: DockerNetwork; readonly members: readonly Asking[] }[] {
  const found = new Map<string, { readonly network: DockerNetwork; readonly members: Asking[] }>();
  for (const container of scene.running) {
    const netns = netnsOf(scene, container);
    const open = container.endpoints.filter(({ ipv4, ipv6 }) => ipv4 !== null || ipv6 !== null).flatMap(({ networkId: id }) => scene.networks.get(id) ?? []);
    const network = open.find(({ internal, driver }) => driver === 'bridge' && !internal);
    if (netns?.kind !== 'container' || !network || container.sharesNetworkOf !== null) continue;
    const servers = serversOf(scene, container, netns);
    if (servers.length === 0) continue;
    const key = JSON.stringify([open.map(({ id }) => id), servers.map(({ address }) => address)]);
    const group = found.get(key) ?? { network, members: [] };
    group.members.push({ container, netns, servers });
    found.set(key, group);
  }
  return [...found.values()];
}
