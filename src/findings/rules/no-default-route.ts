import type { Netns } from '../../model/network.ts';
import type { FindingRule } from '../rule.ts';
import { hostSubject, netnsOf, ofContainer, openBridges, proof, uplinks } from '../scene.ts';

/** In no table and by no policy. */
const lacks = ({ routes }: Netns) => routes[4].known && !routes[4].value.some(({ dst, type }) => dst === '0.0.0.0/0' && type === 'unicast');

export const noDefaultRoute: FindingRule = {
  code: 'NO_DEFAULT_ROUTE',
  severity: 'HIGH',
  title: 'There is no default route',
  why: 'Whatever is not on a network of its own is unreachable from there, at once.',
  mend: 'Restore the route: on a host by its network service, in a container by restarting it.',
  dependsOn: ['LINK_DOWN'],
  *check(scene) {
    const { own, host } = scene;
    const open = [...openBridges(scene)];
    if (own && open.length > 0 && uplinks(scene).length === 0 && lacks(own)) {
      yield {
        subject: hostSubject(scene),
        severity: 'MEDIUM',
        text: `${host.name} has no default route: neither it nor its containers reach the internet.`,
        evidence: [proof(scene, own, { source: 'ip.route', locator: '' }, 'no route to 0.0.0.0/0 in any table')],
        remedy: null,
      };
    }
    const seen = new Set<string>();
    for (const { network, members } of open) {
      for (const container of members) {
        const netns = netnsOf(scene, container);
        const endpoint = container.endpoints.find(({ networkId }) => networkId === network.id);
        if (netns?.kind !== 'container' || !endpoint?.gateway || !endpoint.ipv4 || seen.has(container.id) || !lacks(netns)) continue;
        seen.add(container.id);
        yield {
          ...ofContainer(scene, container),
          text: `${container.name} has no default route, though network ${network.name} has the gateway ${endpoint.gateway}.`,
          evidence: [proof(scene, netns, { source: 'ip.route', locator: '' }, 'no route to 0.0.0.0/0 in any table')],
          remedy: null,
        };
      }
    }
  },
};
