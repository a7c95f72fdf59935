import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer } from '../scene.ts';

export const containerUnhealthy: FindingRule = {
  code: 'CONTAINER_UNHEALTHY',
  severity: 'MEDIUM',
  title: 'A health check fails',
  why: 'Its program runs, but by its own test it does not serve.',
  mend: 'Look at what the check printed, and mend the program or the check.',
  dependsOn: [],
  *check(scene) {
    for (const container of scene.running) {
      if (container.health !== 'unhealthy') continue;
      yield {
        ...ofContainer(scene, container),
        text: `The health check of ${container.name} fails.`,
        evidence: [containerProof(scene, container, '/State/Health/Status', 'unhealthy')],
        remedy: shellCommand(['docker', 'inspect', '--format', '{{json .State.Health}}', container.name]),
      };
    }
  },
};
