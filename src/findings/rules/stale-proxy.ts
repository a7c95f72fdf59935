import { shellCommand } from '../../util/shell.ts';
import { usedAddresses } from '../addresses.ts';
import type { FindingRule } from '../rule.ts';
import { proof } from '../scene.ts';

export const staleProxy: FindingRule = {
  code: 'STALE_PROXY',
  severity: 'MEDIUM',
  title: 'A docker-proxy outlived its container',
  why: 'The port stays taken ("port is already allocated"), and whoever connects to it gets nothing.',
  mend: 'End the process; if it comes back, restart the engine.',
  dependsOn: [],
  *check(scene) {
    const used = usedAddresses(scene);
    if (!used || !scene.host.proxies.known) return;
    for (const proxy of scene.host.proxies.value) {
      if (used.has(proxy.containerIp)) continue;
      const to = `${proxy.hostIp}:${proxy.hostPort}/${proxy.protocol}`;
      yield {
        subject: { kind: 'process', name: `docker-proxy ${proxy.hostPort}`, id: `process:${scene.host.name}/docker-proxy/${to}` },
        text: `docker-proxy ${proxy.pid} holds ${to} for ${proxy.containerIp}:${proxy.containerPort}, an address that no container has.`,
        evidence: [proof(scene, null, { source: 'host.docker-proxy', locator: '' }, `pid ${proxy.pid}: ${to} to ${proxy.containerIp}:${proxy.containerPort}`)],
        remedy: shellCommand(['kill', String(proxy.pid)]),
      };
    }
  },
};
