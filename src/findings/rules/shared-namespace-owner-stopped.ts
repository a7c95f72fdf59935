import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer } from '../scene.ts';

export const sharedNamespaceOwnerStopped: FindingRule = {
  code: 'SHARED_NAMESPACE_OWNER_STOPPED',
  severity: 'HIGH',
  title: 'A container lives in the network of one that is gone',
  why: 'It keeps the old namespace, which has no interface left: it reaches nothing, and nothing reaches it.',
  mend: 'Restart it after the one whose network it shares; with compose, recreate both.',
  dependsOn: [],
  *check(scene) {
    for (const container of scene.running) {
      const { sharesNetworkOf } = container;
      if (sharesNetworkOf === null) continue;
      const owner = scene.containers.find(({ id }) => id === sharesNetworkOf);
      const moved = owner?.state === 'running' && owner.netns !== null && container.netns !== null && owner.netns !== container.netns;
      const stopped = owner !== undefined && owner.state !== 'running' && owner.state !== 'paused';
      if (owner && !moved && !stopped) continue;
      const what = !owner
        ? `${sharesNetworkOf.slice(0, 12)}, which is gone`
        : stopped
          ? `${owner.name}, which is ${owner.state}`
          : `${owner.name}, which was restarted since`;
      yield {
        ...ofContainer(scene, container),
        text: `${container.name} shares the network of ${what}.`,
        evidence: [containerProof(scene, container, '/HostConfig/NetworkMode', container.networkMode)],
        remedy: stopped ? shellCommand(['docker', 'start', owner.name]) : owner ? shellCommand(['docker', 'restart', container.name]) : null,
      };
    }
  },
};
