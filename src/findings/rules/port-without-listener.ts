import { published } from '../published.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer } from '../scene.ts';

export const portWithoutListener: FindingRule = {
  code: 'PORT_WITHOUT_LISTENER',
  severity: 'MEDIUM',
  title: 'Nobody listens on a published port',
  why: 'Whoever connects is refused.',
  mend: 'Publish the port that the program listens on (`-p HOST:CONTAINER`), or let it listen on the one that is published.',
  dependsOn: ['CONTAINER_UNHEALTHY'],
  *check(scene) {
    for (const { container, netns, port, listeners, text } of published(scene)) {
      if (listeners.length > 0) continue;
      const others = netns.listeners.known
        ? netns.listeners.value.filter(({ protocol, address }) => protocol === port.protocol && address !== '127.0.0.11')
        : [];
      const open = [...new Set(others.map((listener) => listener.port))].slice(0, 5).join(', ');
      yield {
        ...ofContainer(scene, container),
        detail: `${port.containerPort}/${port.protocol}`,
        text: `${container.name} publishes ${text}, but nobody listens there${open ? `; it listens on ${port.protocol} ${open}` : ''}.`,
        evidence: [
          containerProof(scene, container, '/NetworkSettings/Ports', `${port.containerPort}/${port.protocol}: ${port.given?.hostIp}:${port.given?.hostPort}`),
        ],
        remedy: null,
      };
    }
  },
};
