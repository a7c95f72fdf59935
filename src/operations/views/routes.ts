import { z } from 'zod';
import { inPrefix } from '../../util/ip.ts';
import { equal, filters, hasText, type View, withUniqueIds } from './view.ts';

const nexthop = z
  .object({
    gateway: z.string().nullable().describe('Next router; null when the destination is on the link.'),
    device: z.string().nullable().describe('Outgoing interface.'),
    weight: z.number().int().describe('Share of the flows among several next hops.'),
    dead: z.boolean().describe('Not used: its interface is down.'),
  })
  .readonly();

const entity = z
  .object({
    id: z.string().describe('Stable id: host, namespace, family, table, type, destination, metric and next hop.'),
    host: z.string().describe('Host that has it.'),
    namespace: z.string().describe('Key of its network namespace.'),
    family: z.number().int().describe('4 or 6.'),
    table: z.string().describe('Route table: main, local, ...'),
    type: z.string().describe('unicast, local, blackhole, unreachable, ...'),
    destination: z.string().describe('Prefix; the default route is 0.0.0.0/0 or ::/0.'),
    metric: z.number().int().describe('The lowest wins among equal prefixes.'),
    scope: z.string().describe('link, host or global.'),
    protocol: z.string().describe('Who made it: kernel, boot, static, dhcp, ...'),
    preferredSource: z.string().nullable().describe('Source address that it suggests.'),
    nexthops: z.array(nexthop).readonly().describe('Where packets go next; several for multipath, none for blackhole and its kin.'),
  })
  .readonly();
export type RouteEntity = z.infer<typeof entity>;

const filter = z.strictObject({
  host: filters.host,
  namespace: filters.namespace,
  table: filters.table,
  address: filters.address,
  device: z.string().optional().describe('Outgoing interface.'),
  text: filters.text,
});

/** In the order of the facts. */
export const routes: View<RouteEntity, z.infer<typeof filter>> = {
  kind: 'route',
  entity,
  filter,
  sources: ['host.namespaces', 'ip.route', 'ip.route6'],
  list: (model) =>
    withUniqueIds(
      model.hosts
        .flatMap((host) => host.namespaces)
        .flatMap((netns) =>
          [netns.routes[4], netns.routes[6]]
            .flatMap((known) => (known.known ? known.value : []))
            .map((route) => {
              const via = route.nexthops.map(({ gateway, dev }) => gateway ?? dev ?? '').join(',');
              const key = `${route.family}/${route.table}/${route.type}/${route.dst}/${route.metric}${via && `/${via}`}`;
              return {
                id: `route:${netns.host}/${netns.key}/${key}`,
                host: netns.host,
                namespace: netns.key,
                family: route.family,
                table: route.table,
                type: route.type,
                destination: route.dst,
                metric: route.metric,
                scope: route.scope,
                protocol: route.protocol,
                preferredSource: route.prefsrc,
                nexthops: route.nexthops.map(({ gateway, dev, weight, dead }) => ({ gateway, device: dev, weight, dead })),
              };
            }),
        ),
    ),
  matches: (route, wanted) =>
    equal(wanted.host, route.host) &&
    equal(wanted.namespace, route.namespace) &&
    equal(wanted.table, route.table) &&
    (wanted.address === undefined || inPrefix(route.destination, wanted.address)) &&
    (wanted.device === undefined || route.nexthops.some(({ device }) => device === wanted.device)) &&
    hasText(route, wanted.text),
};
