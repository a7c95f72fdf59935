import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer } from '../scene.ts';

export const containerRestarting: FindingRule = {
  code: 'CONTAINER_RESTARTING',
  severity: 'HIGH',
  title: 'A container restarts again and again',
  why: 'While it is down it has no address: its name does not resolve, and its published ports refuse.',
  mend: 'Read the end of its log, and mend what makes its program end.',
  dependsOn: [],
  *check(scene) {
    for (const container of scene.containers) {
      if (container.state !== 'restarting') continue;
      const code = container.exitCode === null ? '' : ` after exit code ${container.exitCode}`;
      yield {
        ...ofContainer(scene, container),
        text: `${container.name} was restarted ${container.restartCount} times and is down${code}.`,
        evidence: [containerProof(scene, container, '/State', `Status: restarting, RestartCount: ${container.restartCount}, ExitCode: ${container.exitCode}`)],
        remedy: shellCommand(['docker', 'logs', '--tail', '50', container.name]),
      };
    }
  },
};
