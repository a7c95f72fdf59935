import type { FindingRule } from '../rule.ts';
import { hostSubject, ofContainer, proof } from '../scene.ts';

export const acceptQueueFull: FindingRule = {
  code: 'ACCEPT_QUEUE_FULL',
  severity: 'HIGH',
  title: 'A program does not accept its connections',
  why: 'The kernel drops further connections until it does: clients time out.',
  mend: 'Look at what the program is busy with; raise its backlog and `net.core.somaxconn` if it is only slow.',
  dependsOn: [],
  *check(scene) {
    for (const netns of scene.model.namespaces.values()) {
      if (netns.host !== scene.host.name || !netns.listeners.known || (netns.kind !== 'host' && netns.kind !== 'container')) continue;
      for (const { queue, protocol, address, port, process, containerId: owner, source } of netns.listeners.value) {
        if (!queue || queue.waiting <= queue.limit) continue;
        const container = scene.running.find(({ id }) => (owner === null ? netns.kind === 'container' && netns.containerIds.includes(id) : id === owner));
        const place = container?.name ?? `host ${scene.host.name}`;
        yield {
          ...(container ? ofContainer(scene, container) : { subject: hostSubject(scene) }),
          detail: `${protocol}/${address}:${port}`,
          text: `${process ?? 'The program'} in ${place} does not accept the connections to port ${port}: ${queue.waiting} ${queue.waiting === 1 ? 'waits' : 'wait'}, and its backlog is ${queue.limit}.`,
          evidence: [proof(scene, netns, source, `${protocol} ${address}:${port}: Recv-Q ${queue.waiting}, Send-Q ${queue.limit}`)],
          remedy: null,
        };
      }
    }
  },
};
