/** Routes, by table, destination, metric and device. */
import type { IpVersion, Netns, Route } from '../model/network.ts';
import { type Entry, numbered, type Section } from './entry.ts';
import type { Side } from './names.ts';

/** What the kernel derives from addresses alone: the local table, IPv6 link-local and multicast. */
function isDerived(route: Route): boolean {
  if (route.table === 'local' && route.protocol === 'kernel') return true;
  return route.family === 6 && (route.dst === 'fe80::/64' || route.dst === 'ff00::/8');
}

function entry(side: Side, netns: Netns, route: Route): Entry {
  const devices = route.nexthops.map((hop) => side.stable(hop.dev ?? '-'));
  const dev = route.nexthops.length === 0 ? '' : ` dev ${devices.join(',')}`;
  const metric = route.metric === 0 ? '' : ` metric ${route.metric}`;
  const tos = route.tos === 0 ? '' : ` tos ${route.tos}`;
  return {
    key: `${netns.key}/${route.table}/${route.dst}${tos}${metric}${dev}`,
    // dead and linkdown follow from the links
    fields: {
      type: route.type,
      gateways: route.nexthops.map((hop) => hop.gateway),
      weights: route.nexthops.length > 1 ? route.nexthops.map((hop) => hop.weight) : null,
      onlink: route.nexthops.some((hop) => hop.onlink),
      source: route.prefsrc,
      scope: route.scope,
      protocol: route.protocol,
    },
  };
}

export function routeSection(side: Side, netns: Netns, family: IpVersion): Section {
  const routes = netns.routes[family];
  return {
    kind: 'route',
    netns: netns.key,
    part: `IPv${family}`,
    entries: routes.known ? numbered(routes.value.filter((route) => !isDerived(route)).map((route) => entry(side, netns, route))) : [],
    unknown: routes.known ? null : routes.gap.reason,
  };
}
