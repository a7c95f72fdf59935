import { onLoopback, published } from '../published.ts';
import type { FindingRule } from '../rule.ts';
import { ofContainer, proof } from '../scene.ts';

export const listensOnLoopbackOnly: FindingRule = {
  code: 'LISTENS_ON_LOOPBACK_ONLY',
  severity: 'HIGH',
  title: 'A published service listens on loopback only',
  why: "Loopback is the container's own: whoever comes from outside of it, by the published port too, is refused.",
  mend: 'Let the program listen on 0.0.0.0 (often an option such as `--host 0.0.0.0`).',
  dependsOn: ['CONTAINER_UNHEALTHY'],
  *check(scene) {
    for (const { container, netns, port, listeners, text } of published(scene)) {
      const [first] = listeners;
      if (!first || !listeners.every(onLoopback)) continue;
      yield {
        ...ofContainer(scene, container),
        detail: `${port.containerPort}/${port.protocol}`,
        text: `${container.name} publishes ${text}, but ${first.process ?? 'its program'} listens there on ${listeners.map(({ address }) => address).join(' and ')} only.`,
        evidence: listeners.map((listener) => proof(scene, netns, listener.source, `${listener.protocol} ${listener.address}:${listener.port}`)),
        remedy: null,
      };
    }
  },
};
