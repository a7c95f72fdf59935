/** Which hosts differ between two models, and whether flows between others can tell. */
import type { Chain } from '../model/firewall.ts';
import type { Host, Model } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import { familyOf, fromBigInt, inPrefix } from '../util/ip.ts';
import { constantsOf } from './constants.ts';
import { VOLATILE } from './signature.ts';

/** Where and when a fact was read, what the kernel counts, and what no packet asks for. */
const BESIDE: ReadonlySet<string> = new Set([
  'source',
  'collectedAt',
  'counters',
  'policyCounters',
  'queue',
  'fdb',
  'neighbours',
  'sysctls',
  'gap',
  'gaps',
  'engine',
  'health',
  'exitCode',
]);

const text = (value: unknown) =>
  JSON.stringify(value, (key, v: unknown) => {
    if (BESIDE.has(key)) return undefined;
    if (typeof v === 'bigint') return String(v);
    return v instanceof Map ? [...v] : v;
  });

/** As `text`, of what is left out there for having to be looked at more closely. */
function restOf(netns: Netns): string {
  const { neighbours, fdb, sysctls, listeners, links, firewall } = netns;
  const stubborn = links.known && links.value.some((link) => link.port && !link.port.flood && !link.port.learning);
  return JSON.stringify([
    neighbours.known &&
      neighbours.value
        .map(({ address, dev, mac, state, proxy }) => [
          address,
          dev,
          mac,
          proxy,
          mac !== null && !state.includes('FAILED'),
          state.includes('PERMANENT') || state.includes('NOARP'),
        ])
        .sort(),
    fdb.known &&
      fdb.value
        .filter((f) => stubborn || f.permanent || f.dst !== null)
        .map(({ mac, dev, bridge, vlan, permanent, self, dst }) => [mac, dev, bridge, vlan, permanent, self, dst]),
    sysctls.known && [...sysctls.value].filter(([key]) => !VOLATILE.test(key)),
    listeners.known && listeners.value.map(({ queue }) => queue !== undefined && queue.waiting > queue.limit),
    firewall.gaps.map(({ families }) => families),
  ]);
}

/** `chains`: with what the rules of chains say. */
function meaningOf(host: Host, chains = true): string {
  const { known, value } = { known: host.engine?.known ?? null, value: host.engine?.known ? host.engine.value.version : null };
  return `${chains ? text(host) : text(withoutRules(host))}\n${known} ${value}\n${host.namespaces.map(restOf).join('\n')}`;
}

const withoutRules = (host: Host): unknown =>
  host.namespaces.map((netns) => ({
    ...netns,
    firewall: {
      ...netns.firewall,
      tables: netns.firewall.tables.map((table) => ({ ...table, chains: [...table.chains.values()].map((chain) => ({ ...chain, rules: null })) })),
    },
  }));

/**
 * Chains of the earlier model that are not the same in the later one, where nothing else is different and they are the hosts' own: what never
 * comes to them fares as before. Null: there is more.
 */
export function changedChains(before: Model, after: Model, hosts: ReadonlySet<string>): ReadonlySet<Chain> | null {
  const found = new Set<Chain>();
  for (const name of hosts) {
    const [a, b] = [before, after].map((model) => model.hosts.find((host) => host.name === name));
    if (!a || !b || text({ ...a, namespaces: [] }) !== text({ ...b, namespaces: [] }) || meaningOf(a, false) !== meaningOf(b, false)) return null;
    for (const [i, netns] of a.namespaces.entries()) {
      for (const [j, table] of netns.firewall.tables.entries()) {
        for (const chain of table.chains.values()) {
          const other = b.namespaces[i]?.firewall.tables[j]?.chains.get(chain.name);
          if (other && text(chain) === text(other)) continue;
          if (netns.id !== a.ownNetns) return null;
          found.add(chain);
        }
      }
    }
  }
  return found;
}

/** Names of hosts that are not the same in both, or are in one alone. */
export function changedHosts(before: Model, after: Model): ReadonlySet<string> {
  const old = new Map(before.hosts.map((host) => [host.name, host]));
  const young = new Map(after.hosts.map((host) => [host.name, host]));
  return new Set(
    [...new Set([...old.keys(), ...young.keys()])].filter((name) => {
      const [a, b] = [old.get(name), young.get(name)];
      return !a || !b || meaningOf(a) !== meaningOf(b);
    }),
  );
}

const isOutward = (link: Link) => link.kind === 'physical' || (link.kind === 'veth' && link.peer === null);

/**
 * What stations on the links between the hosts see of a host that nothing is sent to: its interfaces there, and who asks. Null: more than that,
 * because it answers for others, bridges or tunnels between links, or something of it was not read.
 */
function faceOf(host: Host): string | null {
  const faces: string[] = [];
  for (const netns of host.namespaces) {
    const { links, routes, rules, sysctls, neighbours, firewall } = netns;
    if (!links.known) return null;
    if (links.value.some((link) => link.kind === 'vxlan')) return null;
    const outward = links.value.filter(isOutward);
    const above = links.value.some((link) => ['macvlan', 'macvtap', 'ipvlan', 'vlan'].includes(link.kind));
    if (above || outward.some((link) => link.master !== null)) return null;
    if (outward.length === 0) continue;
    if (!routes[4].known || !routes[6].known || !rules[4].known || !rules[6].known || !sysctls.known || !neighbours.known) return null;
    if (firewall.gaps.length > 0 || neighbours.value.some((n) => n.proxy)) return null;
    for (const [key, value] of sysctls.value) if (/proxy_(arp|ndp)/.test(key) && value !== '0') return null;
    const early = firewall.tables.filter(({ family, chains }) => family === 'arp' || [...chains.values()].some(({ base }) => base?.hook === 'ingress'));
    faces.push(`${netns.id} ${text(outward)} ${text(early)}`);
  }
  return faces.join('\n');
}

/** Addresses that packets of a host's flows may be sent to as a next hop, or by translation. */
function aimsOf(host: Host): ReadonlySet<string> {
  const aims = new Set<string>();
  for (const netns of host.namespaces) {
    for (const family of [4, 6] as const)
      for (const route of netns.routes[family].known ? netns.routes[family].value : [])
        for (const { gateway } of route.nexthops) if (gateway !== null) aims.add(gateway);
    for (const table of netns.firewall.tables)
      for (const chain of table.chains.values())
        for (const rule of chain.rules)
          if (rule.statements.some((s) => s.kind === 'nat'))
            for (const value of constantsOf(rule).places)
              if (typeof value === 'bigint' && value < 1n << 128n) aims.add(fromBigInt(value, value < 1n << 32n ? 4 : 6));
  }
  for (const proxy of host.proxies.known ? host.proxies.value : []) aims.add(proxy.containerIp);
  return aims;
}

const addressesOf = (host: Host) =>
  host.namespaces.flatMap(({ links }) => (links.known ? links.value.flatMap((link) => link.addresses.map((a) => ({ ...a, outward: isOutward(link) }))) : []));

/** Whether flows that neither begin nor end on the changed hosts are the same in both models. */
export function othersUntouched(before: Model, after: Model, changed: ReadonlySet<string>): boolean {
  const others = after.hosts.filter(({ name }) => !changed.has(name));
  const aims = new Set(others.flatMap((host) => [...aimsOf(host)]));
  const onLink = others.flatMap((host) => addressesOf(host).filter(({ outward, scope }) => outward && scope !== 'link'));
  const shared = new Set(
    others
      .flatMap((host) => addressesOf(host).map(({ address }) => address))
      .filter((a) => onLink.some((n) => familyOf(n.address) === familyOf(a) && inPrefix(`${n.address}/${n.prefix}`, a))),
  );
  for (const name of changed) {
    const [a, b] = [before, after].map((model) => model.hosts.find((host) => host.name === name));
    if (!a || !b) return false;
    const face = faceOf(a);
    if (face === null || face !== faceOf(b)) return false;
    for (const { address } of [...addressesOf(a), ...addressesOf(b)]) if (aims.has(address) && !isLoopback(address) && reachable(others, address)) return false;
    for (const { address } of [...addressesOf(a), ...addressesOf(b)]) if (shared.has(address) && !isLoopback(address)) return false;
  }
  return true;
}

const isLoopback = (address: string) => inPrefix('127.0.0.0/8', address) || address === '::1';

/** A next hop that others have themselves is meant to be theirs. */
function reachable(others: readonly Host[], address: string): boolean {
  return others.some((host) => aimsOf(host).has(address) && !addressesOf(host).some((own) => own.address === address));
}
