/** Which ports packets can tell from one another on their way. */
import type { Reads } from '../engine/index.ts';
import type { Chain, NamedSet, Rule, Table } from '../model/firewall.ts';
import type { Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { inPrefix } from '../util/ip.ts';
import { constantsOf, portsOf, type Span, wants } from './constants.ts';
import type { Landmarks, Portal } from './landmarks.ts';
import type { Unit } from './units.ts';

interface ChainPorts {
  /** Ports that a rule tells from others, and the one container that the rule is about. */
  readonly spans: readonly { readonly span: Span<number>; readonly about: bigint | null; readonly not: 'tcp' | 'udp' | null }[];
  readonly opaque: boolean;
  /** Translates to an address of loopback, or may. */
  readonly home: boolean;
}

const known = new WeakMap<Chain, ChainPorts>();

function ofChain(chain: Chain, table: Table, sets: ReadonlyMap<string, NamedSet>): ChainPorts {
  let found = known.get(chain);
  if (found) return found;
  const spans: ChainPorts['spans'][number][] = [];
  let opaque = false;
  let home = false;
  for (const rule of chain.rules) {
    const ports = portsOf(rule, table, sets);
    if (ports === null) opaque = true;
    const [about = null] = [...wants(rule).values()].filter((value) => typeof value === 'bigint');
    const not = exclusive(rule);
    for (const span of ports ?? []) spans.push({ span, about, not });
    for (const s of rule.statements) {
      if (s.kind !== 'nat') continue;
      const { places } = constantsOf(rule);
      if (s.nat === 'redirect' || s.addressExpr || [...places].some((value) => typeof value === 'bigint' && (value >> 24n === 127n || value === 1n)))
        home = true;
    }
  }
  found = { spans, opaque, home };
  known.set(chain, found);
  return found;
}

/** The protocol that the rule's own words keep out. */
function exclusive(rule: Rule): 'tcp' | 'udp' | null {
  const fields = rule.statements.flatMap((s) => (s.kind === 'match' && s.left.kind === 'field' ? [s.left.field] : []));
  if (fields.some((field) => field.startsWith('tcp.'))) return 'udp';
  return fields.some((field) => field.startsWith('udp.')) ? 'tcp' : null;
}

/** Spans of ports that the walks tell from others; null: any port may be one. `beside` rules about units not on the way are passed over. */
export function tested(protocol: 'tcp' | 'udp', reads: Reads, onTheWay: (address: bigint) => boolean): readonly Span<number>[] | null {
  const spans = new Map<string, Span<number>>();
  const add = (span: Span<number>) => spans.set(`${span.from}-${span.to}`, span);
  let home = false;
  for (const [chain, table] of reads.chains) {
    const found = ofChain(chain, table, setsOf(reads, table));
    if (found.opaque) return null;
    home ||= found.home;
    for (const { span, about, not } of found.spans) if (not !== protocol && (about === null || onTheWay(about))) add(span);
  }
  for (const netns of reads.homes)
    for (const l of netns.listeners.known ? netns.listeners.value : [])
      if (l.protocol === protocol && (home || !(inPrefix('127.0.0.0/8', l.address) || l.address === '::1'))) add({ from: l.port, to: l.port });
  for (const netns of reads.namespaces) {
    for (const family of [4, 6] as const)
      for (const rule of netns.rules[family].known ? netns.rules[family].value : [])
        for (const range of [rule.sport, rule.dport]) if (range) add({ from: range[0], to: range[1] });
  }
  return [...spans.values()];
}

function setsOf(reads: Reads, table: Table): ReadonlyMap<string, NamedSet> {
  for (const netns of reads.namespaces) if (netns.firewall.tables.includes(table)) return netns.firewall.ipsets;
  return new Map();
}

/** Ports by which of the spans hold them: alike in the same of them. */
export function alike(ports: readonly number[], spans: readonly Span<number>[]): readonly (readonly number[])[] {
  const signs = new Map<number, string>();
  for (const [i, { from, to }] of spans.entries()) {
    if (from === to) signs.set(from, `${signs.get(from) ?? ''} ${i}`);
    else for (const port of ports) if (port >= from && port <= to) signs.set(port, `${signs.get(port) ?? ''} ${i}`);
  }
  const groups = new Map<string, number[]>();
  for (const port of ports) {
    const sign = signs.get(port) ?? '';
    const group = groups.get(sign);
    if (group) group.push(port);
    else groups.set(sign, [port]);
  }
  return [...groups.values()];
}

/** The units that a packet for a port may be handed to by translation or docker-proxy, on any host. */
export function behind(port: number, hosts: readonly Landmarks[]): ReadonlySet<Unit> {
  const units = new Set<Unit>();
  const all = hosts.flatMap(({ portals }) => portals);
  const done = new Set<Portal>();
  const open: (number | 'any')[] = [port];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const portal of all) {
      if (done.has(portal) || (next !== 'any' && !portal.ports.some(({ from, to }) => (next as number) >= from && (next as number) <= to))) continue;
      done.add(portal);
      for (const { unitWith } of hosts) {
        const unit = unitWith.get(portal.address);
        if (unit) units.add(unit);
      }
      if (portal.toPort !== 'same') open.push(portal.toPort);
    }
  }
  return units;
}

/** Source ports of questions, and of what they bring about. */
export const IN_USE: readonly number[] = [45678, 45679, 51234, 49152];

/** Every port that a listener, a rule or a mapping names, of tcp and udp; those that questions use themselves are for themselves. */
export function namedPorts(model: Model): readonly number[] {
  const found = new Set<number>();
  const add = ({ from, to }: Span<number>) => {
    for (const port of [from, to]) if (port >= 1 && port <= 65535) found.add(port);
  };
  for (const netns of model.namespaces.values()) {
    for (const { port } of netns.listeners.known ? netns.listeners.value : []) found.add(port);
    rulePorts(netns).forEach(add);
  }
  for (const host of model.hosts) {
    for (const p of host.proxies.known ? host.proxies.value : []) for (const port of [p.hostPort, p.containerPort]) found.add(port);
    for (const c of host.containers.known ? host.containers.value : [])
      for (const p of c.ports) for (const port of [p.containerPort, p.given?.hostPort]) if (port) found.add(port);
  }
  return [...found].filter((port) => port > 0).sort((a, b) => a - b);
}

function rulePorts(netns: Netns): readonly Span<number>[] {
  return netns.firewall.tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain) => ofChain(chain, table, netns.firewall.ipsets).spans.map(({ span }) => span)),
  );
}

/** A port that nothing names, by itself or, if there is one, in a range. */
export function otherPort(models: readonly Model[], named: readonly number[]): number {
  const taken = new Set([...named, ...IN_USE]);
  const ranges = models.flatMap(({ namespaces }) => [...namespaces.values()]).flatMap((netns) => rulePorts(netns).filter(({ from, to }) => from < to));
  const free = Array.from({ length: 65_535 }, (_, i) => i + 1).filter((port) => !taken.has(port));
  return free.find((port) => !ranges.some(({ from, to }) => port >= from && port <= to)) ?? free[0] ?? 1;
}
