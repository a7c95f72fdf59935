/** Switches that were left off, or on. */
import type { Netns } from '../../model/network.ts';
import type { Scene } from '../explain/scene.ts';
import { inside, type Proposal, type RemedyKind, withNetns } from './proposal.ts';

function setting(
  scene: Scene,
  text: string,
  assign: readonly string[],
  values: (all: ReadonlyMap<string, string>) => readonly (readonly [string, string])[],
): Proposal[] {
  const argv = inside(scene, scene.netns, ['sysctl', '-w', ...assign]);
  if (!argv) return [];
  const change = (ns: Netns): Netns =>
    ns.sysctls.known ? { ...ns, sysctls: { known: true, value: new Map([...ns.sysctls.value, ...values(ns.sysctls.value)]) } } : ns;
  return [
    {
      text,
      commands: [{ host: scene.netns.host, argv }],
      apply: (model) => withNetns(model, scene.netns.id, change),
      concerns: (flow) => flow.from.host === scene.netns.host,
    },
  ];
}

export const forwarding: RemedyKind = {
  causes: ['IP_FORWARD_DISABLED'],
  propose: (scene) => {
    const six = scene.why.packet.family === 6;
    const key = six ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    // Writing ip_forward writes every interface's switch too (devinet_sysctl_forward).
    const all = new RegExp(`^ipv${six ? 6 : 4}\\.(ip_forward|conf\\..+\\.forwarding)$`);
    return setting(scene, `let ${scene.netns.host} forward packets`, [`${key}=1`], (now) => [...now.keys()].filter((k) => all.test(k)).map((k) => [k, '1']));
  },
};

export const reversePath: RemedyKind = {
  causes: ['REVERSE_PATH_FILTER'],
  propose: (scene) => {
    // The filter refuses the question for an address (ARP) as it refuses the packet.
    const { netns, why } = scene.why.inner ?? scene;
    const keys = ['all', why.dev ?? 'default'].map((d) => `ipv4.conf.${d.replaceAll('.', '/')}.rp_filter`);
    return setting(
      { ...scene, netns },
      `loosen the reverse-path filter on ${why.dev}`,
      keys.map((k) => `net.${k}=2`),
      () => keys.map((k) => [k, '2']),
    );
  },
};

export const bridgeNetfilter: RemedyKind = {
  causes: ['BRIDGE_NETFILTER'],
  propose: (scene) =>
    setting(scene, 'let bridged packets pass iptables by', ['net.bridge.bridge-nf-call-iptables=0'], () => [['bridge.bridge-nf-call-iptables', '0']]),
};
