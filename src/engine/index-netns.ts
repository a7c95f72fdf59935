/** What the walk asks of a namespace again and again, sorted once. Kept as long as the model. */
import type { Chain, Table } from '../model/firewall.ts';
import type { Link, Netns, PolicyRule, Route } from '../model/network.ts';
import { prefixLength } from '../util/ip.ts';
import { need } from './world.ts';

interface NetnsIndex {
  readonly links: ReadonlyMap<string, Link>;
  /** Bridge, bond or VRF name → its ports. */
  readonly ports: ReadonlyMap<string, readonly Link[]>;
  readonly addresses: ReadonlyMap<string, Link>;
}

const links = new WeakMap<Netns, NetnsIndex>();

export function linksOf(ns: Netns): NetnsIndex {
  let index = links.get(ns);
  if (!index) {
    const all = need(ns.links);
    const ports = new Map<string, Link[]>();
    const addresses = new Map<string, Link>();
    for (const link of all) {
      if (link.master) ports.set(link.master, [...(ports.get(link.master) ?? []), link]);
      for (const a of link.addresses) addresses.set(a.address, link);
    }
    index = { links: new Map(all.map((l) => [l.name, l])), ports, addresses };
    // br_add_if puts the newest port first
    for (const list of ports.values()) list.sort((a, b) => b.ifindex - a.ifindex);
    links.set(ns, index);
  }
  return index;
}

const tables = new WeakMap<Netns, Map<string, readonly Route[]>>();

/** Routes of one table, longest prefix first, then tos, then metric: the order fib_table_lookup tries them in. */
export function routesOf(ns: Netns, family: 4 | 6, table: string): readonly Route[] {
  let index = tables.get(ns);
  if (!index) {
    index = new Map();
    tables.set(ns, index);
  }
  const key = `${family} ${table}`;
  let routes = index.get(key);
  if (!routes) {
    routes = need(ns.routes[family])
      .filter((r) => r.table === table)
      .map((r) => ({ r, length: prefixLength(r.dst) }))
      .sort((a, b) => b.length - a.length || b.r.tos - a.r.tos || a.r.metric - b.r.metric)
      .map((x) => x.r);
    index.set(key, routes);
  }
  return routes;
}

const rules = new WeakMap<Netns, { 4?: readonly PolicyRule[]; 6?: readonly PolicyRule[] }>();

export function policyRulesOf(ns: Netns, family: 4 | 6): readonly PolicyRule[] {
  let index = rules.get(ns);
  if (!index) {
    index = {};
    rules.set(ns, index);
  }
  index[family] ??= [...need(ns.rules[family])].sort((a, b) => a.priority - b.priority);
  return index[family]!;
}

export interface HookedChain {
  readonly table: Table;
  readonly chain: Chain;
  readonly priority: number;
}

const hooked = new WeakMap<Netns, Map<string, readonly HookedChain[]>>();

/** Base chains of one protocol family at one hook, by priority. `family` is the packet's: ip, ip6 and netdev include inet. */
export function chainsAt(ns: Netns, family: 'ip' | 'ip6' | 'bridge' | 'arp' | 'netdev', hook: string): readonly HookedChain[] {
  let index = hooked.get(ns);
  if (!index) {
    index = new Map();
    hooked.set(ns, index);
  }
  const key = `${family} ${hook}`;
  let chains = index.get(key);
  if (!chains) {
    const found: HookedChain[] = [];
    for (const table of ns.firewall.tables) {
      if (table.dormant || !(table.family === family || (table.family === 'inet' && family !== 'bridge' && family !== 'arp'))) continue;
      for (const chain of table.chains.values()) if (chain.base?.hook === hook) found.push({ table, chain, priority: chain.base.priority });
    }
    // nf_hook_entries_grow puts a new chain before those of equal priority
    chains = found.reverse().sort((a, b) => a.priority - b.priority);
    index.set(key, chains);
  }
  return chains;
}
