/** Whether a packet that comes in is for us, to be forwarded, or not to be believed: fib_frontend.c and ip_route_input_slow of route.c. */
import type { Netns } from '../model/network.ts';
import { inPrefix } from '../util/ip.ts';
import { linksOf } from './index-netns.ts';
import { type FlowKey, gatewayOf, type Lookup, lookup } from './lookup.ts';
import type { World } from './types.ts';
import { conf, need, sysctl } from './world.ts';

export type InputRoute =
  | { readonly kind: 'local'; readonly lookup: Extract<Lookup, { kind: 'route' }> | null }
  | { readonly kind: 'forward'; readonly dev: string; readonly gateway: string | null; readonly lookup: Extract<Lookup, { kind: 'route' }> }
  /** Source or destination that may not come in here: dropped without a word. */
  | { readonly kind: 'martian'; readonly what: 'source' | 'destination'; readonly text: string }
  | { readonly kind: 'rp-filter'; readonly text: string; readonly mode: number }
  | { readonly kind: 'not-forwarding'; readonly key: string }
  | Extract<Lookup, { kind: 'error' }>;

/** ip_route_input_slow: local, forward, or why not. */
export function routeInput(world: World, ns: Netns, dev: string, key: Omit<FlowKey, 'iif' | 'oif'>): InputRoute {
  return key.family === 4 ? routeInput4(world, ns, dev, key) : routeInput6(world, ns, dev, key);
}

function routeInput4(world: World, ns: Netns, dev: string, key: Omit<FlowKey, 'iif' | 'oif'>): InputRoute {
  const src = key.src ?? '0.0.0.0';
  const localnet = conf(ns, dev, 'route_localnet') !== 0;
  const loopback = '127.0.0.0/8';
  if (inPrefix('224.0.0.0/4', src) || src === '255.255.255.255') return { kind: 'martian', what: 'source', text: `${src} cannot be a source address` };
  if (inPrefix('0.0.0.0/8', src) && src !== '0.0.0.0') return { kind: 'martian', what: 'source', text: `${src} cannot be a source address` };
  if (inPrefix(loopback, key.dst) && !localnet)
    return { kind: 'martian', what: 'destination', text: `${key.dst} does not come in by ${dev}: route_localnet is 0` };
  if (inPrefix(loopback, src) && !localnet) return { kind: 'martian', what: 'source', text: `${src} does not come in by ${dev}: route_localnet is 0` };
  const forwards = sysctl(ns, `ipv4.conf.${dev.replaceAll('.', '/')}.forwarding`, sysctl(ns, 'ipv4.ip_forward')) !== 0;
  const found = lookup(world, ns, { ...key, iif: dev, oif: null });
  if (found.kind === 'error')
    return forwards || world.lifted.has(`${ns.id}|forwarding|${dev}`) ? found : { kind: 'not-forwarding', key: `net.ipv4.conf.${dev}.forwarding` };
  if (found.route.type === 'local' || found.route.type === 'broadcast') {
    const bad = validateSource(world, ns, dev, key, 'lo');
    return bad ?? { kind: 'local', lookup: found };
  }
  if (!forwards && !world.lifted.has(`${ns.id}|forwarding|${dev}`)) return { kind: 'not-forwarding', key: `net.ipv4.conf.${dev}.forwarding` };
  if (found.route.type !== 'unicast') return { kind: 'martian', what: 'destination', text: `${key.dst} is ${found.route.type}` };
  const out = found.nexthop.dev ?? 'lo';
  const bad = validateSource(world, ns, dev, key, out);
  return bad ?? { kind: 'forward', dev: out, gateway: gatewayOf(ns, found.nexthop), lookup: found };
}

/** fib_validate_source and __fib_validate_source: reverse-path filter and spoofed local addresses. */
function validateSource(
  world: World,
  ns: Netns,
  dev: string,
  key: Pick<FlowKey, 'src' | 'dst' | 'mark' | 'tos' | 'protocol' | 'sport' | 'dport'>,
  out: string,
): Extract<InputRoute, { kind: 'martian' | 'rp-filter' }> | null {
  const src = key.src ?? '0.0.0.0';
  if (src === '0.0.0.0' || world.lifted.has(`${ns.id}|rp_filter|${dev}`)) return null;
  const mode = conf(ns, dev, 'rp_filter');
  const acceptLocal = conf(ns, dev, 'accept_local') !== 0;
  const index = linksOf(ns);
  const spoofed = { kind: 'martian', what: 'source', text: `${src} is an address of this namespace itself` } as const;
  const custom = hasCustomLocalRoutes(ns) || hasCustomRules(ns);
  if (mode === 0 && !custom && !(dev === out && conf(ns, dev, 'send_redirects') !== 0)) {
    if (acceptLocal) return null;
    return index.addresses.has(src) ? spoofed : null;
  }
  const mark = conf(ns, dev, 'src_valid_mark') !== 0 ? key.mark : 0;
  const found = lookup(world, ns, {
    family: 4,
    src: key.dst,
    dst: src,
    iif: 'lo',
    oif: null,
    mark,
    tos: key.tos,
    protocol: key.protocol,
    sport: key.dport,
    dport: key.sport,
  });
  const lost = (text: string) => (mode === 0 ? null : ({ kind: 'rp-filter', mode, text } as const));
  if (found.kind === 'error') return lost(`no route back to ${src}`);
  if (found.route.type !== 'unicast' && !(found.route.type === 'local' && acceptLocal))
    return found.route.type === 'local' ? spoofed : { kind: 'martian', what: 'source', text: `${src} is ${found.route.type}` };
  const devices = found.route.nexthops.map((h) => h.dev ?? 'lo');
  if (devices.includes(dev) || (found.route.type === 'local' && dev === 'lo')) return null;
  if ((index.links.get(dev)?.addresses.filter((a) => a.family === 4).length ?? 0) === 0)
    return lost(`${dev} has no address and the route back to ${src} is by ${devices.join(', ')}`);
  if (mode === 1) return lost(`the route back to ${src} is by ${devices.join(', ')}, not by ${dev}`);
  return null;
}

const customRules = new WeakMap<Netns, boolean>();
function hasCustomRules(ns: Netns): boolean {
  let custom = customRules.get(ns);
  if (custom === undefined) {
    custom = need(ns.rules[4]).some(
      (r) =>
        r.action !== 'lookup' ||
        r.from !== null ||
        r.to !== null ||
        r.fwmark !== null ||
        r.iif !== null ||
        r.oif !== null ||
        !['local', 'main', 'default'].includes(r.table ?? ''),
    );
    customRules.set(ns, custom);
  }
  return custom;
}

const customLocal = new WeakMap<Netns, boolean>();
/** Local routes that are not simply an interface's own address (fib4_has_custom_local_routes: type local outside table local, or of a user). */
function hasCustomLocalRoutes(ns: Netns): boolean {
  let custom = customLocal.get(ns);
  if (custom === undefined) {
    custom = need(ns.routes[4]).some((r) => r.type === 'local' && r.protocol !== 'kernel');
    customLocal.set(ns, custom);
  }
  return custom;
}

function routeInput6(world: World, ns: Netns, dev: string, key: Omit<FlowKey, 'iif' | 'oif'>): InputRoute {
  if (key.src === '::1' && dev !== 'lo') return { kind: 'martian', what: 'source', text: `::1 does not come in by ${dev}` };
  // rt6_need_strict: only routes by the same interface
  const strict = key.dst === '::1' || inPrefix('fe80::/10', key.dst);
  const found = lookup(world, ns, { ...key, iif: dev, oif: strict ? dev : null });
  if (found.kind === 'route' && (found.route.type === 'local' || found.route.type === 'anycast' || found.route.type === 'multicast'))
    return { kind: 'local', lookup: found };
  const forwards = sysctl(ns, 'ipv6.conf.all.forwarding') !== 0 || sysctl(ns, `ipv6.conf.${dev.replaceAll('.', '/')}.force_forwarding`) !== 0;
  if (found.kind === 'error') return found;
  if (!forwards && !world.lifted.has(`${ns.id}|forwarding|${dev}`)) return { kind: 'not-forwarding', key: 'net.ipv6.conf.all.forwarding' };
  return { kind: 'forward', dev: found.nexthop.dev ?? 'lo', gateway: found.nexthop.gateway, lookup: found };
}
