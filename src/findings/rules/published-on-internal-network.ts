import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer } from '../scene.ts';

export const publishedOnInternalNetwork: FindingRule = {
  code: 'PUBLISHED_ON_INTERNAL_NETWORK',
  severity: 'MEDIUM',
  title: 'A port is published by a container on internal networks only',
  why: 'Docker programs no mapping there and says nothing: whoever connects is refused.',
  mend: 'Connect the container to a network that is not internal as well.',
  dependsOn: [],
  *check(scene) {
    for (const container of scene.running) {
      const networks = container.endpoints.map(({ networkId }) => scene.networks.get(networkId));
      if (networks.length === 0 || !networks.every((network) => network?.internal)) continue;
      const asked = container.ports.filter(({ asked: wanted, given }) => wanted !== null && given === null);
      if (asked.length === 0 || container.ports.some(({ given }) => given !== null)) continue;
      const ports = asked.map((port) => `${port.asked?.hostPort || 'any port'} → ${port.containerPort}/${port.protocol}`).join(', ');
      yield {
        ...ofContainer(scene, container),
        text: `${container.name} would publish ${ports}, but is only on ${networks.map((network) => network?.name).join(', ')}, which is internal.`,
        evidence: [containerProof(scene, container, '/HostConfig/PortBindings', ports)],
        remedy: null,
      };
    }
  },
};
