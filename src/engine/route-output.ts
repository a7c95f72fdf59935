/** The way out for packets made here: ip_route_output_key of route.c. */
import type { Netns, NextHop, PolicyRule, Route } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { type FlowKey, gatewayOf, type Lookup, lookup } from './lookup.ts';
import { l4proto } from './skb.ts';
import { scopeOf, selectAddress, selectAddress6 } from './source-address.ts';
import type { World } from './types.ts';

export type OutputRoute =
  | {
      readonly kind: 'out';
      readonly local: boolean;
      readonly broadcast: boolean;
      readonly dev: string;
      readonly gateway: string | null;
      readonly src: string | null;
      readonly lookup: Extract<Lookup, { kind: 'route' }>;
    }
  | Extract<Lookup, { kind: 'error' }>;

/** ip_route_output_key_hash_rcu: a socket bound to a device reaches on its link whatever has no route. */
function onLink(dev: string, dst: string, rule: PolicyRule | null): Extract<Lookup, { kind: 'route' }> {
  const nexthop: NextHop = { gateway: null, dev, weight: 1, onlink: true, dead: false, linkdown: false };
  const source = { source: 'ip.route', locator: 'whole' };
  const route: Route = {
    family: 4,
    table: 'none',
    type: 'unicast',
    dst: `${dst}/32`,
    tos: 0,
    metric: 0,
    scope: 'link',
    protocol: 'kernel',
    prefsrc: null,
    nexthops: [nexthop],
    source,
  };
  return { kind: 'route', route, nexthop, rule: rule as PolicyRule, length: 32 };
}

/** What a socket that is bound to no device asks for. */
export function outputKey(packet: Packet): Omit<FlowKey, 'iif'> {
  const { family, src, dst, sport, dport } = packet;
  return { family, src: src || null, dst, oif: null, mark: 0, tos: 0, protocol: l4proto(packet), sport, dport };
}

/** ip_route_output_key: where a locally made packet goes, and the address it speaks with. */
export function routeOutput(world: World, ns: Netns, key: Omit<FlowKey, 'iif'>): OutputRoute {
  const looked = lookup(world, ns, { ...key, iif: 'lo' });
  const found = looked.kind === 'error' && key.family === 4 && key.oif !== null ? onLink(key.oif, key.dst, looked.rule) : looked;
  if (found.kind === 'error') return found;
  const { route, nexthop } = found;
  const local = route.type === 'local' || (key.family === 6 && route.type === 'anycast');
  const dev = local ? 'lo' : (nexthop.dev ?? 'lo');
  return {
    kind: 'out',
    local,
    broadcast: route.type === 'broadcast' || route.type === 'multicast',
    dev,
    gateway: gatewayOf(ns, nexthop),
    src: key.src ?? sourceFor(ns, key, route, nexthop, local, dev),
    lookup: found,
  };
}

function sourceFor(ns: Netns, key: Omit<FlowKey, 'iif'>, route: Route, nexthop: NextHop, local: boolean, dev: string): string | null {
  if (key.family === 6) return route.prefsrc ?? (local ? key.dst : selectAddress6(ns, dev, key.dst));
  if (route.prefsrc) return route.prefsrc;
  if (local) return key.dst;
  const scope = scopeOf(route.scope) >= 254 ? 'host' : scopeOf(route.scope) >= 253 ? 'link' : 'global';
  return selectAddress(ns, dev, nexthop.gateway, scope);
}
