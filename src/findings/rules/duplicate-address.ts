import type { Link, Netns } from '../../model/network.ts';
import type { FindingRule } from '../rule.ts';
import { linksOf, networkId, networkSubject, proof, type Scene } from '../scene.ts';

interface Station {
  readonly netns: Netns;
  readonly link: Link;
}

/** The bridge itself and whoever is behind one of its ports. */
function stations({ own, model }: Scene, bridge: string): Station[] {
  return linksOf(own).flatMap((link): Station[] => {
    if (!own || (link.name !== bridge && link.master !== bridge)) return [];
    if (link.name === bridge) return [{ netns: own, link }];
    const netns = link.peer ? model.namespaces.get(link.peer.netns) : undefined;
    const inner = linksOf(netns ?? null).find(({ name }) => name === link.peer?.link);
    return netns && inner && !inner.master ? [{ netns, link: inner }] : [];
  });
}

const who = ({ netns }: Station) => (netns.kind === 'host' ? 'the host' : netns.key.replace(/^[a-z]+:/, ''));

export const duplicateAddress: FindingRule = {
  code: 'DUPLICATE_ADDRESS',
  severity: 'HIGH',
  title: 'Two stations of one network have the same address',
  why: 'Who answers first gets the packets: connections to that address end at one or the other, by chance.',
  mend: 'Take the address from one of them; give containers fixed addresses outside of `--ip-range`.',
  dependsOn: [],
  *check(scene) {
    for (const network of scene.networks.values()) {
      if (network.bridge === null || !scene.own) continue;
      const holders = new Map<string, Station[]>();
      for (const station of stations(scene, network.bridge)) {
        if (station.link.bridge?.vlanFiltering) return;
        for (const { address, scope } of station.link.addresses) {
          if (scope === 'global') holders.set(address, [...(holders.get(address) ?? []), station]);
        }
      }
      for (const [address, all] of holders) {
        if (all.length < 2) continue;
        yield {
          subject: networkSubject(scene, network),
          detail: address,
          about: [networkId(scene, network)],
          text: `${address} in network ${network.name} is an address of ${all.map(who).join(' and of ')}.`,
          evidence: all.map(({ netns, link }) => proof(scene, netns, link.source, `${link.name}: ${address}`)),
          remedy: null,
        };
      }
    }
  },
};
