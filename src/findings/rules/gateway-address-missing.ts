import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import { linkOf, linksOf, networkId, networkSubject, openBridges, proof } from '../scene.ts';

export const gatewayAddressMissing: FindingRule = {
  code: 'GATEWAY_ADDRESS_MISSING',
  severity: 'HIGH',
  title: 'A bridge has lost its address',
  why: "The containers' gateway does not answer: they reach nothing outside of their network, and nothing from outside reaches them.",
  mend: 'Give the address back, and tell systemd-networkd or NetworkManager to leave the bridge alone (`Unmanaged=yes`).',
  dependsOn: [],
  *check(scene) {
    const { own } = scene;
    if (!own) return;
    for (const { network, bridge, members } of openBridges(scene)) {
      const link = linkOf(own, bridge);
      const gateway = members.flatMap(({ endpoints }) => endpoints).find((endpoint) => endpoint.networkId === network.id)?.gateway;
      const pool = network.ipam.find((one) => one.gateway?.split('/')[0] === gateway);
      const has = linksOf(own).some(({ addresses }) => addresses.some(({ address }) => address === gateway));
      if (!link || !gateway || !pool || has || network.options['com.docker.network.bridge.inhibit_ipv4'] === 'true') continue;
      const address = `${gateway}/${pool.subnet.split('/')[1]}`;
      yield {
        subject: networkSubject(scene, network),
        about: [networkId(scene, network)],
        text: `${bridge} does not have ${gateway}, the gateway of network ${network.name}; nor has any interface of ${scene.host.name}.`,
        evidence: [proof(scene, own, link.source, `${bridge}: ${link.addresses.map((one) => `${one.address}/${one.prefix}`).join(' ') || 'no address'}`)],
        remedy: shellCommand(['ip', 'addr', 'add', address, 'dev', bridge]),
      };
    }
  },
};
