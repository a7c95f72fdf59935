/** An interface that is switched off. */
import type { Netns } from '../../model/network.ts';
import { inside, type RemedyKind, withNetns } from './proposal.ts';

export const linkUp: RemedyKind = {
  causes: ['LINK_DOWN'],
  propose: (scene) => {
    const place = scene.why.inner ?? { netns: scene.netns, why: scene.why };
    const { dev } = place.why;
    const link = dev && place.netns.links.known ? place.netns.links.value.find((l) => l.name === dev) : undefined;
    const argv = link && !link.up ? inside(scene, place.netns, ['ip', 'link', 'set', link.name, 'up']) : null;
    if (!link || !argv) return [];
    const change = (ns: Netns): Netns =>
      ns.links.known ? { ...ns, links: { known: true, value: ns.links.value.map((l) => (l.name === link.name ? { ...l, up: true, running: true } : l)) } } : ns;
    const peer = link.peer;
    const carrier = (ns: Netns): Netns =>
      ns.links.known ? { ...ns, links: { known: true, value: ns.links.value.map((l) => (l.name === peer?.link ? { ...l, running: l.up } : l)) } } : ns;
    return [
      {
        text: `switch ${link.name} on`,
        commands: [{ host: place.netns.host, argv }],
        apply: (model) => (peer ? withNetns(withNetns(model, place.netns.id, change), peer.netns, carrier) : withNetns(model, place.netns.id, change)),
        concerns: (flow) => flow.from.host === place.netns.host,
      },
    ];
  },
};
