/** Route lookup as fib_frontend.c, fib_trie.c, fib_rules.c and route.c do it. */
import type { InterfaceAddress, Link, Netns, NextHop, PolicyRule, Route } from '../model/network.ts';
import { inPrefix, prefixLength, toBigInt } from '../util/ip.ts';
import { linksOf, policyRulesOf, routesOf } from './index-netns.ts';
import type { World } from './types.ts';
import { conf, need, sysctl } from './world.ts';

/** What a lookup goes by (struct flowi4). `iif` is `lo` for local packets. */
export interface FlowKey {
  readonly family: 4 | 6;
  readonly src: string | null;
  readonly dst: string;
  readonly iif: string;
  readonly oif: string | null;
  readonly mark: number;
  readonly tos: number;
  readonly protocol: number;
  readonly sport: number;
  readonly dport: number;
}

export type Lookup =
  | { readonly kind: 'route'; readonly route: Route; readonly nexthop: NextHop; readonly rule: PolicyRule; readonly length: number }
  /** errno names as errno(3): ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL. */
  | { readonly kind: 'error'; readonly errno: string; readonly route: Route | null; readonly rule: PolicyRule | null };

const ERRNO: Partial<Record<Route['type'], string>> = { blackhole: 'EINVAL', unreachable: 'EHOSTUNREACH', prohibit: 'EACCES' };
/** fib4_rule_action: a rule that says unreachable is not a route that says so. */
const RULE_ERRNO: Partial<Record<PolicyRule['action'], string>> = { blackhole: 'EINVAL', prohibit: 'EACCES' };
const LOCAL_HOP: NextHop = { gateway: null, dev: 'lo', weight: 1, onlink: false, dead: false, linkdown: false };

/** fib_rule_match: what is received belongs to root (sock_net_uid); whose a local packet is, is not known (null). */
function ownerFits(rule: PolicyRule, key: FlowKey): boolean | null {
  if (rule.uidRange === null) return true;
  const [from, to] = rule.uidRange;
  if (from === 0 && (key.iif !== 'lo' || to >= 0xfffffffe)) return true;
  return key.iif !== 'lo' ? false : null;
}

function ruleMatches(rule: PolicyRule, key: FlowKey, owner = true): boolean {
  const hit =
    owner &&
    (rule.from === null || (key.src !== null ? inPrefix(rule.from, key.src) : prefixLength(rule.from) === 0)) &&
    (rule.to === null || inPrefix(rule.to, key.dst)) &&
    (rule.fwmark === null || ((key.mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0) &&
    (rule.iif === null || rule.iif === key.iif) &&
    (rule.oif === null || rule.oif === key.oif) &&
    (rule.tos === null || rule.tos === key.tos) &&
    (rule.ipproto === null || rule.ipproto === key.protocol) &&
    (rule.sport === null || (key.sport >= rule.sport[0] && key.sport <= rule.sport[1])) &&
    (rule.dport === null || (key.dport >= rule.dport[0] && key.dport <= rule.dport[1]));
  return hit !== rule.not;
}

/** fib_table_lookup: the first usable next hop of the longest prefix; null: nothing in this table. */
function lookupTable(
  world: World,
  ns: Netns,
  table: string,
  key: FlowKey,
  ignoreLinkState: boolean,
): Extract<Lookup, { kind: 'route' }> | { errno: string; route: Route } | 'throw' | null {
  for (const route of routesOf(ns, key.family, table)) {
    if (!inPrefix(route.dst, key.dst) || (route.tos !== 0 && route.tos !== key.tos)) continue;
    if (route.type === 'throw') return 'throw';
    const errno = ERRNO[route.type];
    if (errno) return { errno, route };
    const hops = route.nexthops.length > 0 ? route.nexthops : [LOCAL_HOP];
    const usable = hops.filter((h) => !h.dead && deviceFits(h, key) && (ignoreLinkState || !h.linkdown || !ignoresLinkdown(ns, h, key.family)));
    if (usable.length === 0) continue;
    const nexthop = pick(world, ns, route, usable);
    return { kind: 'route', route, nexthop, rule: null as unknown as PolicyRule, length: prefixLength(route.dst) };
  }
  return null;
}

function deviceFits(hop: NextHop, key: FlowKey): boolean {
  return key.oif === null || hop.dev === key.oif;
}

function ignoresLinkdown(ns: Netns, hop: NextHop, family: 4 | 6): boolean {
  if (family === 4) return conf(ns, hop.dev ?? 'lo', 'ignore_routes_with_linkdown') !== 0;
  return sysctl(ns, `ipv6.conf.${(hop.dev ?? 'lo').replaceAll('.', '/')}.ignore_routes_with_linkdown`) !== 0;
}

/** Multipath: which hop the hash picks is not ours to know. */
function pick(world: World, ns: Netns, route: Route, hops: readonly NextHop[]): NextHop {
  for (const hop of hops.slice(0, -1)) {
    if (
      world.choose({
        key: `multipath ${ns.id} ${route.dst} ${hop.dev} ${hop.gateway}`,
        why: 'chance',
        text: `whether the multipath route to ${route.dst} uses ${hop.gateway ?? hop.dev}`,
      })
    )
      return hop;
  }
  return hops.at(-1)!;
}

/** fib_lookup over the policy rules. */
export function lookup(world: World, ns: Netns, key: FlowKey, ignoreLinkState = false): Lookup {
  const rules = policyRulesOf(ns, key.family);
  let i = 0;
  for (let turns = 0; i < rules.length && turns < 1000; turns++) {
    const rule = rules[i]!;
    const owner = ownerFits(rule, key);
    const undecided = rule.notModelled.length > 0 || owner === null;
    const hit = undecided
      ? ruleMatches(rule, key) &&
        world.choose({
          key: `rule ${ns.id} ${key.family} ${rule.priority}`,
          why: 'missing',
          text: `whether policy rule ${rule.priority} (${rule.notModelled.join(' ') || 'uid range'}) matches`,
        })
      : ruleMatches(rule, key, owner);
    i++;
    if (!hit || rule.action === 'nop') continue;
    if (rule.action === 'goto') {
      const target = rules.findIndex((r) => r.priority === rule.gotoPriority);
      if (target >= i) i = target;
      continue;
    }
    if (rule.action !== 'lookup') return { kind: 'error', errno: RULE_ERRNO[rule.action] ?? 'ENETUNREACH', route: null, rule };
    const found = lookupTable(world, ns, rule.table ?? 'main', key, ignoreLinkState);
    if (found === null || found === 'throw') continue;
    if ('errno' in found) return { kind: 'error', errno: found.errno, route: found.route, rule };
    if (rule.suppressPrefixLength !== null && found.length <= rule.suppressPrefixLength) continue;
    if (rule.suppressIfGroup !== null && linksOf(ns).links.get(found.nexthop.dev ?? '')?.group === rule.suppressIfGroup) continue;
    return { ...found, rule };
  }
  return { kind: 'error', errno: 'ENETUNREACH', route: null, rule: null };
}

const SCOPES: Record<string, number> = { global: 0, universe: 0, site: 200, link: 253, host: 254, nowhere: 255 };

function scopeOf(name: string): number {
  return SCOPES[name] ?? Number(name);
}

/** inet_select_addr: the address a device speaks with towards `dst`, at most of `scope`; null: none anywhere. */
export function selectAddress(ns: Netns, dev: string, dst: string | null, scope: 'global' | 'link' | 'host'): string | null {
  const fits = (a: InterfaceAddress) => a.family === 4 && !a.secondary && scopeOf(a.scope) <= scopeOf(scope);
  const index = linksOf(ns);
  const own = index.links.get(dev)?.addresses.filter(fits) ?? [];
  const near = dst === null ? own[0] : own.find((a) => inPrefix(`${a.peer ?? a.address}/${a.prefix}`, dst));
  if (near ?? own[0]) return (near ?? own[0])!.address;
  // The kernel goes by order of registration: real interfaces stand before those that were made on them.
  const real = (l: Link) => (l.kind === 'physical' || l.kind === 'veth' ? 0 : 1);
  for (const link of [...index.links.values()].sort((a, b) => real(a) - real(b))) {
    const other = link.addresses.find((a) => fits(a) && scopeOf(a.scope) !== 253);
    if (other) return other.address;
  }
  return null;
}

/** ipv6_dev_get_saddr, RFC 6724 in short: fitting scope, the outgoing interface, the longest common prefix. */
export function selectAddress6(ns: Netns, dev: string, dst: string): string | null {
  const target = toBigInt(dst);
  const linkLocal = (address: string) => inPrefix('fe80::/10', address);
  let best: { address: string; score: number } | null = null;
  for (const link of linksOf(ns).links.values()) {
    for (const a of link.addresses) {
      if (a.family !== 6 || !a.usable || (a.address === '::1' && dst !== '::1')) continue;
      if (linkLocal(a.address) && link.name !== dev) continue;
      const common = 128 - (toBigInt(a.address) ^ target).toString(2).length;
      const score = (a.address === dst ? 4096 : 0) + (linkLocal(a.address) === linkLocal(dst) ? 1024 : 0) + (link.name === dev ? 512 : 0) + common;
      if (!best || score > best.score) best = { address: a.address, score };
    }
  }
  return best?.address ?? null;
}

/** rt_set_nexthop: a gateway that is an address of this namespace itself is not used, the destination is asked for directly. */
function gatewayOf(ns: Netns, hop: NextHop): string | null {
  return hop.gateway !== null && linksOf(ns).addresses.has(hop.gateway) ? null : hop.gateway;
}

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
