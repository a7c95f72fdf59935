/** A locally made packet: route, OUTPUT, perhaps a second route, POSTROUTING (ip_output.c, ip6_output.c). */
import type { Netns } from '../model/network.ts';
import { inPrefix } from '../util/ip.ts';
import { death } from './death.ts';
import { runHook } from './hooks.ts';
import { linksOf } from './index-netns.ts';
import { evidenceOf, leaveBy, step } from './recorder.ts';
import { type OutputRoute, routeOutput } from './route-output.ts';
import { l4proto } from './skb.ts';
import type { Death, Skb, World } from './types.ts';
import { conf, sysctl } from './world.ts';

/** Ready to be put on a link. */
export interface Xmit {
  readonly kind: 'xmit';
  readonly netns: Netns;
  readonly dev: string;
  readonly nexthop: string;
  readonly skb: Skb;
  /** The route says broadcast: no neighbour is asked. */
  readonly broadcast: boolean;
  /** Interface it came in by; null when it was made here. */
  readonly iif: string | null;
}

function route(world: World, ns: Netns, skb: Skb, src: string | null): OutputRoute {
  const { packet } = skb;
  return routeOutput(world, ns, {
    family: packet.family,
    src,
    dst: packet.dst,
    oif: skb.boundDev,
    mark: packet.mark,
    tos: packet.dscp << 2,
    protocol: l4proto(packet),
    sport: packet.sport,
    dport: packet.dport,
  });
}

function noRoute(world: World, ns: Netns, skb: Skb, found: Extract<OutputRoute, { kind: 'error' }>, errno: string | null): Death {
  const { packet } = skb;
  const how = found.route
    ? `${found.route.type} route ${found.route.dst} in table ${found.route.table}`
    : found.rule
      ? `policy rule ${found.rule.priority} (${found.rule.action})`
      : `no route to ${packet.dst}`;
  const source = found.route?.source ?? found.rule?.source;
  const evidence = source
    ? [evidenceOf(world.model, ns, source, how)]
    : [evidenceOf(world.model, ns, { source: packet.family === 4 ? 'ip.route' : 'ip.route6', locator: 'whole' }, how)];
  step(world.recorder, ns, 'route', how, evidence);
  const disposition = found.errno === 'EINVAL' ? 'blackholed' : 'no-route';
  return death(
    ns,
    {
      key: `${ns.id}|route|${found.route?.dst ?? found.rule?.priority ?? packet.dst}`,
      disposition,
      text: how,
      address: packet.dst,
      detail: found.errno,
      packet,
      evidence,
    },
    { errno },
  );
}

/** __mkroute_output: a loopback source does not leave the machine. */
function keptIn(world: World, ns: Netns, skb: Skb, dev: string, errno: string): Death | null {
  const { packet } = skb;
  if (packet.family !== 4 || !inPrefix('127.0.0.0/8', packet.src) || linksOf(ns).links.get(dev)?.kind === 'loopback' || conf(ns, dev, 'route_localnet') !== 0)
    return null;
  const text = `martian source: ${packet.src} does not leave by ${dev}: route_localnet is 0`;
  step(world.recorder, ns, 'route', text);
  return death(ns, { key: `${ns.id}|martian|${dev}`, disposition: 'martian', text, dev, address: packet.src, packet, evidence: [] }, { errno });
}

/** Sends `skb` from its own namespace. An empty source address is filled in by the route. */
export function output(world: World, ns: Netns, skb: Skb): Xmit | Death {
  let found = route(world, ns, skb, skb.packet.src === '' || skb.anySource ? null : skb.packet.src);
  if (found.kind === 'error') {
    // ip6_dst_lookup_tail wants a source address before it complains of the route
    const nobody = skb.packet.family === 6 && skb.packet.src === '' && [...linksOf(ns).addresses.keys()].every((address) => !address.includes(':'));
    return noRoute(world, ns, skb, found, nobody ? 'EADDRNOTAVAIL' : found.errno);
  }
  if (found.src === null) {
    const text = `no source address for ${skb.packet.dst} by ${found.dev}`;
    step(world.recorder, ns, 'route', text);
    return death(
      ns,
      { key: `${ns.id}|source|${found.dev}`, disposition: 'no-source', text, dev: found.dev, address: skb.packet.dst, packet: skb.packet, evidence: [] },
      { errno: skb.packet.family === 6 ? 'EADDRNOTAVAIL' : 'ENETUNREACH' },
    );
  }
  skb.packet = { ...skb.packet, src: found.src, ttl: hopLimit(ns, skb.packet.family, found.dev) };
  const kept = keptIn(world, ns, skb, found.dev, 'EINVAL');
  if (kept) return kept;
  recordRoute(world, ns, skb, found);
  const before = skb.packet;
  const dead = runHook(world, ns, 'output', skb, { iif: null, oif: found.dev });
  if (dead) return dead;
  const after = skb.packet;
  if (after.dst !== before.dst || after.src !== before.src || after.mark !== before.mark || after.dscp !== before.dscp) {
    // ip_route_me_harder: the packet is dropped by the hook when the second look-up fails
    const again = route(world, ns, skb, after.src);
    if (again.kind === 'error') return noRoute(world, ns, skb, again, skb.packet.protocol === 'tcp' ? 'EPERM' : again.errno);
    if (again.dev !== found.dev || again.gateway !== found.gateway)
      step(world.recorder, ns, 'route', `routed again after OUTPUT: by ${again.dev}${again.gateway ? ` via ${again.gateway}` : ''}`, [
        evidenceOf(world.model, ns, again.lookup.route.source, routeText(again)),
      ]);
    found = again;
    const kept = keptIn(world, ns, skb, found.dev, skb.packet.protocol === 'tcp' ? 'EPERM' : 'EINVAL');
    if (kept) return kept;
  }
  const nexthop = found.gateway ?? skb.packet.dst;
  leaveBy(world.recorder, ns, found.dev);
  const late = runHook(world, ns, 'postrouting', skb, { iif: null, oif: found.dev, nexthop });
  if (late) return late;
  return { kind: 'xmit', netns: ns, dev: found.dev, nexthop, skb, broadcast: found.broadcast, iif: null };
}

/** ip4_dst_hoplimit, ip6_dst_hoplimit. */
function hopLimit(ns: Netns, family: 4 | 6, dev: string): number {
  return family === 4 ? sysctl(ns, 'ipv4.ip_default_ttl', 64) : sysctl(ns, `ipv6.conf.${dev.replaceAll('.', '/')}.hop_limit`, 64);
}

function routeText(found: Extract<OutputRoute, { kind: 'out' }>): string {
  const { route: r, nexthop } = found.lookup;
  return `${r.type === 'unicast' ? '' : `${r.type} `}${r.dst}${nexthop.gateway ? ` via ${nexthop.gateway}` : ''}${nexthop.dev ? ` dev ${nexthop.dev}` : ''} table ${r.table}`;
}

function recordRoute(world: World, ns: Netns, skb: Skb, found: Extract<OutputRoute, { kind: 'out' }>): void {
  const text = routeText(found);
  step(world.recorder, ns, 'route', `${skb.packet.dst}: ${text}, from ${found.src}`, [evidenceOf(world.model, ns, found.lookup.route.source, text)]);
}
