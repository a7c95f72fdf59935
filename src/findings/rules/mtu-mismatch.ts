import type { Link, Netns } from '../../model/network.ts';
import type { Found } from '../found.ts';
import type { FindingRule } from '../rule.ts';
import { linkOf, linksOf, netnsOf, networkId, networkSubject, ofContainer, openBridges, proof, type Scene, uplinks } from '../scene.ts';

const line = (scene: Scene, netns: Netns, link: Link) => proof(scene, netns, link.source, `${link.name}: mtu ${link.mtu}`);

/** __dev_forward_skb drops what is longer than the receiving end's MTU, and tells nobody. */
function* ends(scene: Scene): Generator<Found> {
  for (const container of scene.running) {
    const netns = netnsOf(scene, container);
    if (netns?.kind !== 'container' || container.sharesNetworkOf !== null) continue;
    for (const inner of linksOf(netns)) {
      const outside = inner.kind === 'veth' && inner.peer ? scene.model.namespaces.get(inner.peer.netns) : undefined;
      const outer = outside && inner.peer && linkOf(outside, inner.peer.link);
      if (!outside || !outer || outer.mtu === inner.mtu) continue;
      const [more, less] = inner.mtu > outer.mtu ? [container.name, 'the host'] : ['the host', container.name];
      yield {
        ...ofContainer(scene, container),
        detail: inner.name,
        severity: 'MEDIUM',
        text: `The two ends of ${container.name}'s link differ: ${inner.name} takes ${inner.mtu} octets, ${outer.name} ${outer.mtu}; longer packets from ${more} to ${less} vanish.`,
        evidence: [line(scene, netns, inner), line(scene, outside, outer)],
        remedy: null,
      };
    }
  }
}

export const mtuMismatch: FindingRule = {
  code: 'MTU_MISMATCH',
  severity: 'LOW',
  title: 'Packets may be longer than the next link takes',
  why: 'Small requests work, large answers and TLS handshakes hang wherever the message that asks for smaller packets is lost.',
  mend: 'Create the network with `--opt com.docker.network.driver.mtu=N`, N being the smallest MTU on the way; or clamp the MSS.',
  dependsOn: [],
  *check(scene) {
    yield* ends(scene);
    const { own } = scene;
    const out = uplinks(scene).flatMap((name) => linkOf(own, name) ?? []);
    const narrow = out.toSorted((a, b) => a.mtu - b.mtu)[0];
    for (const { network, bridge } of openBridges(scene)) {
      const link = linkOf(own, bridge);
      if (!own || !narrow || !link || link.mtu <= narrow.mtu) continue;
      yield {
        subject: networkSubject(scene, network),
        about: [networkId(scene, network)],
        text: `Network ${network.name} has an MTU of ${link.mtu}, but ${narrow.name}, which leads out, takes ${narrow.mtu}.`,
        evidence: [line(scene, own, link), line(scene, own, narrow)],
        remedy: null,
      };
    }
  },
};
