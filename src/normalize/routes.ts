/** `ip -j -4|-6 route show table all` → routes. ip-route(8). */
import { z } from 'zod';
import type { FactSource } from '../model/facts.ts';
import type { NextHop, Route } from '../model/network.ts';
import { jsonList, Unreadable } from './fact.ts';
import { address, dsfield, prefix } from './words.ts';

const hopSchema = z.looseObject({
  gateway: z.string().optional(),
  via: z.looseObject({ host: z.string() }).optional(),
  dev: z.string().optional(),
  weight: z.number().default(1),
  flags: z.array(z.string()).default([]),
});

const text = z.union([z.string(), z.number()]).transform(String);

const routeSchema = hopSchema.extend({
  type: z.enum(['unicast', 'local', 'broadcast', 'multicast', 'anycast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat']).default('unicast'),
  dst: z.string(),
  from: z.string().optional(),
  tos: z.union([z.string(), z.number()]).default(0),
  table: text.default('main'),
  metric: z.number().optional(),
  scope: text.default('global'),
  protocol: text.default('boot'),
  prefsrc: z.string().optional(),
  nexthops: z.array(hopSchema).optional(),
});

function nextHop(hop: z.infer<typeof hopSchema>): NextHop {
  const gateway = hop.gateway ?? hop.via?.host;
  return {
    gateway: gateway === undefined ? null : address(gateway),
    dev: hop.dev ?? null,
    weight: hop.weight,
    onlink: hop.flags.includes('onlink'),
    dead: hop.flags.includes('dead'),
    linkdown: hop.flags.includes('linkdown'),
  };
}

/** fib_props (net/ipv4/fib_semantics.c): types that end the lookup with an error have no next hop. */
const WITHOUT_HOP: ReadonlySet<Route['type']> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);

function nextHops(route: z.infer<typeof routeSchema>): readonly NextHop[] {
  if (WITHOUT_HOP.has(route.type)) return [];
  if (route.nexthops) return route.nexthops.map(nextHop);
  const only = nextHop(route);
  if (only.dev === null && only.gateway === null) throw new Unreadable(`the route to ${route.dst} names neither a gateway nor a device`);
  return [only];
}

export function parseRoutes(data: string, family: 4 | 6, source: FactSource): readonly Route[] {
  return jsonList(data, routeSchema).map(({ at, value: r }) => {
    if (r.from !== undefined) throw new Unreadable(`${at}: routes that depend on the source (from ${r.from}) are not modelled`);
    return {
      family,
      table: r.table,
      type: r.type,
      dst: prefix(r.dst, family),
      tos: dsfield(r.tos),
      metric: r.metric ?? (family === 4 ? 0 : 1024),
      scope: r.scope,
      protocol: r.protocol,
      prefsrc: r.prefsrc === undefined ? null : address(r.prefsrc),
      nexthops: nextHops(r),
      source: { source, locator: at },
    };
  });
}
