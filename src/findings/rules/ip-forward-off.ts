import { shellCommand } from '../../util/shell.ts';
import type { Found } from '../found.ts';
import type { FindingRule } from '../rule.ts';
import { hostSubject, interfaceSubject, linkOf, networkId, openBridges, type Scene, sysctl, sysctlProof, uplinks } from '../scene.ts';

const HOST = 'ipv4.ip_forward';

/** Bridges whose containers mean to talk to others, and the interfaces that lead out. */
function forwarders(scene: Scene): { readonly name: string; readonly about: readonly string[]; readonly what: string }[] {
  const bridges = [...openBridges(scene)].map(({ network, bridge }) => ({
    name: bridge,
    about: [networkId(scene, network)],
    what: `the bridge of network ${network.name}`,
  }));
  const out = uplinks(scene).map((name) => ({ name, about: [], what: 'the interface of the default route' }));
  return bridges.length === 0 ? [] : [...bridges, ...out];
}

function* check(scene: Scene): Generator<Found> {
  const { own, host } = scene;
  if (!own?.sysctls.known) return;
  const off = forwarders(scene).flatMap((one) => {
    const key = `ipv4.conf.${one.name.replaceAll('.', '/')}.forwarding`;
    return linkOf(own, one.name) && sysctl(own, key) === '0' ? [{ ...one, key }] : [];
  });
  if (off.length > 0 && sysctl(own, HOST) === '0') {
    yield {
      subject: hostSubject(scene),
      text: `${host.name} does not forward IPv4 packets, though containers run on networks that need it.`,
      evidence: [sysctlProof(scene, own, HOST)],
      remedy: shellCommand(['sysctl', '-w', `net.${HOST}=1`]),
    };
    return;
  }
  for (const { name, about, what, key } of off) {
    yield {
      subject: interfaceSubject(scene, own, name),
      about,
      text: `${host.name} does not forward IPv4 packets that come in by ${name}, ${what}.`,
      evidence: [sysctlProof(scene, own, key)],
      remedy: shellCommand(['sysctl', '-w', `net.${key}=1`]),
    };
  }
}

export const ipForwardOff: FindingRule = {
  code: 'IP_FORWARD_OFF',
  severity: 'HIGH',
  title: 'Packets are not forwarded',
  why: 'Containers reach nothing beyond their own network, and published ports are reached through docker-proxy at best.',
  mend: 'Set `net.ipv4.ip_forward` (or `net.ipv4.conf.IFACE.forwarding`) to 1, and look in /etc/sysctl.d for what sets it to 0.',
  dependsOn: [],
  check,
};
