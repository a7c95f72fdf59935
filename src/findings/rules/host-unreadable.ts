import type { FindingRule } from '../rule.ts';
import { hostSubject, proof } from '../scene.ts';

export const hostUnreadable: FindingRule = {
  code: 'HOST_UNREADABLE',
  severity: 'HIGH',
  title: 'Nothing could be read from a host',
  why: 'Answers about it are undetermined, and nothing else can be found on it.',
  mend: 'Run netwhy where it may enter namespaces and ask the engine; the reason is what the host said.',
  dependsOn: [],
  *check(scene) {
    const { host } = scene;
    const [gap] = host.gaps;
    if (host.namespaces.length > 0 || host.containers.known || host.networks.known || !gap) return;
    yield {
      subject: hostSubject(scene),
      text: `Nothing could be read from ${host.name}: ${gap.reason}.`,
      evidence: [proof(scene, null, { source: gap.source, locator: '' }, gap.reason)],
      remedy: null,
    };
  },
};
