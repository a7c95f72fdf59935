import type { DockerNetwork } from '../../model/docker.ts';
import type { Route } from '../../model/network.ts';
import { type Prefix, parsePrefix } from '../../util/ip.ts';
import type { Found } from '../found.ts';
import type { FindingRule } from '../rule.ts';
import { linkOf, networkId, networkSubject, openBridges, proof, type Scene } from '../scene.ts';

const within = (inner: Prefix, outer: Prefix) => inner.family === outer.family && inner.from >= outer.from && inner.to <= outer.to;

/** Routes of the main table to elsewhere: neither default routes nor addresses of the link alone. */
const elsewhere = ({ own }: Scene, bridge: string): Route[] =>
  [4, 6].flatMap((family) => {
    const routes = own?.routes[family as 4 | 6];
    return (routes?.known ? routes.value : []).filter(
      ({ type, table, dst, nexthops }) =>
        type === 'unicast' &&
        table === 'main' &&
        !/\/0$|^(169\.254|fe80|ff)/.test(dst) &&
        nexthops.length > 0 &&
        nexthops.every(({ dev }) => dev !== bridge && dev !== 'lo'),
    );
  });

function* overlaps(scene: Scene, network: DockerNetwork, bridge: string): Generator<Found> {
  for (const { subnet } of network.ipam) {
    const own = parsePrefix(subnet);
    if (!own) continue;
    for (const route of elsewhere(scene, bridge)) {
      const other = parsePrefix(route.dst);
      const inside = other !== null && within(other, own);
      if (!other || !(inside || within(own, other))) continue;
      const by = route.nexthops.map(({ gateway, dev }) => `${gateway === null ? '' : `${gateway} `}${dev}`).join(', ');
      yield {
        subject: networkSubject(scene, network),
        detail: route.dst,
        about: [networkId(scene, network)],
        ...(inside ? {} : { severity: 'LOW' as const }),
        text: inside
          ? `${route.dst} is routed by ${by}, though it lies in ${subnet}, the subnet of network ${network.name}.`
          : `Network ${network.name} has ${subnet}, which is a part of ${route.dst} behind ${by}.`,
        evidence: [
          ...(scene.own ? [proof(scene, scene.own, route.source, `${route.dst} via ${by}`)] : []),
          proof(scene, null, network.source, `${network.name}: Subnet ${subnet}`),
        ],
        remedy: null,
      };
    }
  }
}

export const subnetOverlap: FindingRule = {
  code: 'SUBNET_OVERLAP',
  severity: 'HIGH',
  title: 'A Docker network overlaps with another route',
  why: 'The more specific route wins: addresses in the overlap are reached on one side only.',
  mend: 'Create the network anew with another `--subnet`, and set `default-address-pools` so that it does not happen again.',
  dependsOn: [],
  *check(scene) {
    for (const { network, bridge } of openBridges(scene)) if (linkOf(scene.own, bridge)) yield* overlaps(scene, network, bridge);
  },
};
