import type { Container } from '../../model/docker.ts';
import { shellCommand } from '../../util/shell.ts';
import { translations } from '../addresses.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, hostSubject, netnsOf, ofContainer, type Scene } from '../scene.ts';

/** Whether the engine writes rules at all: newer ones say so, of others the chains tell. */
function writesRules({ host, own }: Scene): boolean {
  const backend = host.engine?.known ? host.engine.value.firewallBackend : null;
  if (backend !== null) return backend !== 'none';
  return own?.firewall.tables.some(({ chains }) => chains.has('DOCKER')) ?? false;
}

const LOOPBACK = /^(127\.|::1$)/;

/** Ports that a container has by IPv4, on networks that translate. */
function translated(scene: Scene, container: Container): { readonly hostPort: number; readonly inside: number; readonly protocol: string }[] {
  const networks = container.endpoints.flatMap(({ networkId }) => scene.networks.get(networkId) ?? []);
  const natted = networks.some((network) => network.driver === 'bridge' && !network.options['com.docker.network.bridge.gateway_mode_ipv4']);
  if (!natted || netnsOf(scene, container)?.kind !== 'container') return [];
  return container.ports.flatMap(({ given, containerPort, protocol }) =>
    given && !given.hostIp.includes(':') && !LOOPBACK.test(given.hostIp) ? [{ hostPort: given.hostPort, inside: containerPort, protocol }] : [],
  );
}

export const engineRulesMissing: FindingRule = {
  code: 'ENGINE_RULES_MISSING',
  severity: 'HIGH',
  title: "The engine's rules are gone",
  why: 'Published ports are reached through docker-proxy at best, and containers may reach nothing outside.',
  mend: 'Something flushed the rules after Docker wrote them (a firewall that was reloaded, `iptables -F`). Restart the engine, and let that service start before it.',
  dependsOn: [],
  *check(scene) {
    if (!scene.own || scene.own.firewall.gaps.length > 0 || !writesRules(scene)) return;
    const targets = new Set([...translations(scene)].map(({ address, port }) => `${address} ${port}`));
    const addresses = (container: Container) => container.endpoints.flatMap(({ ipv4 }) => ipv4 ?? []);
    const all = scene.running.flatMap((container) => translated(scene, container).map((port) => ({ container, ...port })));
    const missing = all.filter(
      ({ container, inside }) => !addresses(container).some((address) => targets.has(`${address} ${inside}`) || targets.has(`${address} null`)),
    );
    const remedy = shellCommand(['systemctl', 'restart', 'docker']);
    const evidence = ({ container, hostPort, inside, protocol }: (typeof all)[number]) =>
      containerProof(scene, container, '/NetworkSettings/Ports', `${inside}/${protocol}: HostPort ${hostPort}`);
    if (missing.length > 0 && missing.length === all.length) {
      yield {
        subject: hostSubject(scene),
        text: `No rule of ${scene.host.name} translates any of the ${all.length} ports that its containers publish.`,
        evidence: missing.slice(0, 5).map(evidence),
        remedy,
      };
      return;
    }
    for (const one of missing) {
      yield {
        ...ofContainer(scene, one.container),
        detail: `${one.hostPort}/${one.protocol}`,
        text: `${one.container.name} publishes ${one.hostPort} → ${one.inside}/${one.protocol}, but no rule translates it.`,
        evidence: [evidence(one)],
        remedy,
      };
    }
  },
};
