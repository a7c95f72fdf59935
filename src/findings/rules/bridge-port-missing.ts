import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import { linkOf, linksOf, netnsOf, ofContainer, openBridges, proof } from '../scene.ts';

export const bridgePortMissing: FindingRule = {
  code: 'BRIDGE_PORT_MISSING',
  severity: 'HIGH',
  title: "A container's link is not plugged into its bridge",
  why: 'The container is cut off from its network: nothing that it sends arrives.',
  mend: 'Plug it in (`ip link set VETH master BRIDGE`), and keep NetworkManager, systemd-networkd and dhcpcd away from veth interfaces.',
  dependsOn: [],
  *check(scene) {
    for (const { network, bridge, members } of openBridges(scene)) {
      if (!scene.own || !linkOf(scene.own, bridge)) continue;
      for (const container of members) {
        const address = container.endpoints.find(({ networkId }) => networkId === network.id)?.ipv4;
        const inner = linksOf(netnsOf(scene, container)).find((link) => link.kind === 'veth' && link.addresses.some((one) => one.address === address));
        const outer = inner?.peer?.netns === scene.own.id ? linkOf(scene.own, inner.peer.link) : undefined;
        if (!outer || outer.master !== null) continue;
        yield {
          ...ofContainer(scene, container),
          detail: network.name,
          text: `${outer.name}, the host's end of ${container.name}'s link, is not a port of ${bridge}, the bridge of network ${network.name}.`,
          evidence: [proof(scene, scene.own, outer.source, `${outer.name}: no master`)],
          remedy: shellCommand(['ip', 'link', 'set', outer.name, 'master', bridge]),
        };
      }
    }
  },
};
