/** Which route the kernel takes: fib_rules.c and fib_trie.c. */
import type { Netns, NextHop, PolicyRule, Route } from '../model/network.ts';
import { inPrefix, prefixLength } from '../util/ip.ts';
import { linksOf, policyRulesOf, routesOf } from './index-netns.ts';
import type { World } from './types.ts';
import { conf, sysctl } from './world.ts';

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

/** rt_set_nexthop: a gateway that is an address of this namespace itself is not used, the destination is asked for directly. */
export function gatewayOf(ns: Netns, hop: NextHop): string | null {
  return hop.gateway !== null && linksOf(ns).addresses.has(hop.gateway) ? null : hop.gateway;
}
