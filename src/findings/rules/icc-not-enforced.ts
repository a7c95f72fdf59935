import { shellCommand } from '../../util/shell.ts';
import { ping, placeOf } from '../ask.ts';
import type { FindingRule } from '../rule.ts';
import { networkId, networkSubject, openBridges, proof, sysctl, sysctlProof } from '../scene.ts';

const SWITCH = 'bridge.bridge-nf-call-iptables';

export const iccNotEnforced: FindingRule = {
  code: 'ICC_NOT_ENFORCED',
  severity: 'HIGH',
  title: 'Containers reach each other on a network that forbids it',
  why: 'The network was created with inter-container communication off, and the rule for it is never asked.',
  mend: 'Load br_netfilter and set `net.bridge.bridge-nf-call-iptables` to 1; restart the engine if its rule is missing.',
  dependsOn: ['ENGINE_RULES_MISSING'],
  *check(scene) {
    for (const { network, members } of openBridges(scene)) {
      const [first, second] = members;
      const address = second?.endpoints.find((endpoint) => endpoint.networkId === network.id)?.ipv4;
      if (network.options['com.docker.network.bridge.enable_icc'] !== 'false' || !scene.own || !first || !second || !address) continue;
      if (ping(scene.model, placeOf(first), address)?.verdict !== 'REACHABLE') continue;
      const off = scene.own.sysctls.known && sysctl(scene.own, SWITCH) !== '1';
      yield {
        subject: networkSubject(scene, network),
        about: [networkId(scene, network)],
        text: `${first.name} reaches ${second.name} on network ${network.name}, where inter-container communication is off.`,
        evidence: [
          proof(scene, null, network.source, `${network.name}: com.docker.network.bridge.enable_icc false`),
          ...(sysctl(scene.own, SWITCH) === null ? [] : [sysctlProof(scene, scene.own, SWITCH)]),
        ],
        remedy: off ? shellCommand(['sysctl', '-w', `net.${SWITCH}=1`]) : null,
      };
    }
  },
};
