import type { Container, PublishedPort } from '../../model/docker.ts';
import type { Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import { ask, fromInternet } from '../ask.ts';
import type { FindingRule } from '../rule.ts';
import { containerProof, ofContainer, type Scene } from '../scene.ts';

const LOOPBACK = /^(127\.|::1$)/;

/** The same world in which nobody translates on the host: what its INPUT rules would say to the packet. */
function untranslated(model: Model, own: Netns): Model {
  const plain: Netns = {
    ...own,
    firewall: {
      ...own.firewall,
      tables: own.firewall.tables.filter(({ chains, name }) => name !== 'nat' && ![...chains.values()].some(({ base }) => base?.type === 'nat')),
    },
  };
  return {
    ...model,
    hosts: model.hosts.map((host) => ({ ...host, namespaces: host.namespaces.map((netns) => (netns === own ? plain : netns)) })),
    namespaces: new Map(model.namespaces).set(own.id, plain),
  };
}

const outside = ({ ports }: Container): PublishedPort[] => {
  const open = ports.filter(
    ({ given, protocol }) => given !== null && !LOOPBACK.test(given.hostIp) && !given.hostIp.includes(':') && (protocol === 'tcp' || protocol === 'udp'),
  );
  return [...new Map(open.map((port) => [`${port.given?.hostPort}/${port.protocol}`, port])).values()];
};

/** The rule that would refuse the port if it were the host's own. */
function refusal(plain: Model, { host, own }: Scene, port: number, protocol: 'tcp' | 'udp') {
  const blocker = ask(plain, 'internet', `host:${host.name}`, port, protocol)?.blockers[0];
  const byRule = blocker?.disposition === 'dropped-by-rule' || blocker?.disposition === 'dropped-by-policy' || blocker?.disposition === 'rejected-by-rule';
  return byRule && blocker.netns === own?.id && blocker.direction === 'request' ? blocker : null;
}

export const exposedDespiteFirewall: FindingRule = {
  code: 'EXPOSED_DESPITE_FIREWALL',
  severity: 'HIGH',
  title: 'A published port is open though the firewall says no',
  why: "Published ports are translated before INPUT and pass by FORWARD: ufw's and firewalld's rules for the host are never asked.",
  mend: 'Publish on an address that is meant (`-p 127.0.0.1:8080:80`), or refuse outsiders in DOCKER-USER.',
  dependsOn: [],
  *check(scene) {
    const { own, model, host } = scene;
    const guarded = own?.firewall.tables.some(({ chains }) =>
      [...chains.values()].some(({ base, rules }) => base?.hook === 'input' && base.type === 'filter' && (base.policy === 'drop' || rules.length > 0)),
    );
    if (!own || !guarded) return;
    const plain = untranslated(model, own);
    const [real, meant] = [fromInternet(model, host), fromInternet(plain, host)];
    for (const container of scene.running) {
      for (const { given, containerPort, protocol } of outside(container)) {
        if (!given || (protocol !== 'tcp' && protocol !== 'udp')) continue;
        if (real(given.hostPort, protocol) !== 'REACHABLE' || meant(given.hostPort, protocol) !== 'UNREACHABLE') continue;
        const blocker = refusal(plain, scene, given.hostPort, protocol);
        if (!blocker) continue;
        yield {
          ...ofContainer(scene, container),
          detail: `${given.hostPort}/${protocol}`,
          text: `${container.name} is reached from the internet on port ${given.hostPort} (${protocol}), though ${blocker.rule ? `${blocker.rule.table} ${blocker.rule.chain}` : 'INPUT'} of ${host.name} refuses it.`,
          evidence: [
            containerProof(scene, container, '/NetworkSettings/Ports', `${containerPort}/${protocol}: ${given.hostIp}:${given.hostPort}`),
            ...blocker.evidence,
          ],
          remedy: null,
        };
      }
    }
  },
};
