import type { Link, Netns } from '../../model/network.ts';
import { shellCommand } from '../../util/shell.ts';
import type { FindingRule } from '../rule.ts';
import {
  count,
  interfaceSubject,
  linkOf,
  linksOf,
  netnsOf,
  networkId,
  networkSubject,
  ofContainer,
  openBridges,
  proof,
  type Scene,
  uplinks,
} from '../scene.ts';

const line = (scene: Scene, netns: Netns, link: Link) => proof(scene, netns, link.source, `${link.name}: <${link.flags.join(',')}>`);

export const linkDown: FindingRule = {
  code: 'LINK_DOWN',
  severity: 'HIGH',
  title: 'An interface that is used is down',
  why: 'Nothing goes through it.',
  mend: 'Set it up (`ip link set IFACE up`), and find out what set it down.',
  dependsOn: [],
  *check(scene) {
    const { own, model } = scene;
    if (!own) return;
    for (const { network, bridge, members } of openBridges(scene)) {
      const link = linkOf(own, bridge);
      if (!link || link.up) continue;
      yield {
        subject: networkSubject(scene, network),
        about: [networkId(scene, network)],
        text: `${bridge}, the bridge of network ${network.name} with ${count(members.length, 'running container')}, is down.`,
        evidence: [line(scene, own, link)],
        remedy: shellCommand(['ip', 'link', 'set', bridge, 'up']),
      };
    }
    for (const name of uplinks(scene)) {
      const link = linkOf(own, name);
      if (!link || (link.up && link.running)) continue;
      yield {
        subject: interfaceSubject(scene, own, name),
        text: `${name}, which a default route leads out by, ${link.up ? 'has no carrier' : 'is down'}.`,
        evidence: [line(scene, own, link)],
        remedy: link.up ? null : shellCommand(['ip', 'link', 'set', name, 'up']),
      };
    }
    for (const container of scene.running) {
      const netns = netnsOf(scene, container);
      if (netns?.kind !== 'container' || container.sharesNetworkOf !== null) continue;
      for (const link of linksOf(netns)) {
        const outer = link.peer ? model.namespaces.get(link.peer.netns) : undefined;
        const end = link.peer && linkOf(outer, link.peer.link);
        const used = link.kind === 'veth' && link.addresses.length + container.endpoints.filter(({ mac }) => mac !== null && mac === link.mac).length > 0;
        if (!used || (link.up && end?.up !== false)) continue;
        const [where, down] = link.up && outer && end ? [outer, end] : [netns, link];
        yield {
          ...ofContainer(scene, container),
          detail: link.name,
          text: `${down.name}${where === netns ? ` of ${container.name}` : `, the host's end of ${link.name} of ${container.name},`} is down.`,
          evidence: [line(scene, where, down)],
          remedy:
            where === netns && container.pid
              ? shellCommand(['nsenter', '-t', String(container.pid), '-n', 'ip', 'link', 'set', down.name, 'up'])
              : shellCommand(['ip', 'link', 'set', down.name, 'up']),
        };
      }
    }
  },
};
