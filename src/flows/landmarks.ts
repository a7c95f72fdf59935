/** What on one host tells addresses and interfaces from one another: rules, sets, routes, and whatever else names them. */
import type { Rule } from '../model/firewall.ts';
import type { Host, Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { parsePrefix, toBigInt } from '../util/ip.ts';
import { constantsOf, type Span, valuesOf, wants, written } from './constants.ts';
import { macValue, renamed, type Unit, unitsOf } from './units.ts';

/** A place that names an address or an interface. `text` writes it with the names that `name` gives. */
export interface Mention {
  readonly where: string;
  /** Where a rule does. */
  readonly rule?: Rule;
  readonly text: (name: (value: bigint | string) => string | null) => string;
}

/** A way in by a port of a host: a translation or a docker-proxy, to the container that has `address`. */
export interface Portal {
  readonly address: bigint;
  readonly ports: readonly Span<number>[];
  readonly toPort: number | 'same' | 'any';
}

export interface Landmarks {
  readonly host: Host;
  /** By namespace id; none where rules look at addresses in a way that is not understood. */
  readonly units: ReadonlyMap<string, Unit>;
  /** By address, MAC address or name of a port. */
  readonly unitWith: ReadonlyMap<bigint | string, Unit>;
  /** Namespaces that have an address. */
  readonly holders: ReadonlyMap<string, readonly Netns[]>;
  readonly mentions: ReadonlyMap<bigint | string, readonly Mention[]>;
  readonly spans: readonly Span<bigint>[];
  readonly patterns: readonly string[];
  readonly portals: readonly Portal[];
}

interface Draft {
  readonly units: ReadonlyMap<string, Unit>;
  readonly unitWith: ReadonlyMap<bigint | string, Unit>;
  readonly mentions: Map<bigint | string, Mention[]>;
  readonly spans: Map<string, Span<bigint>>;
  readonly patterns: Set<string>;
  readonly portals: Portal[];
  opaque: boolean;
}

export function landmarksOf(model: Model, host: Host): Landmarks {
  const units = unitsOf(model, host);
  const unitWith = new Map([...units.values()].flatMap((unit) => [...unit.values.keys()].map((value) => [value, unit] as const)));
  const draft: Draft = { units, unitWith, mentions: new Map(), spans: new Map(), patterns: new Set(), portals: [], opaque: false };
  for (const netns of host.namespaces) {
    chains(draft, netns);
    sets(draft, netns);
    tables(draft, netns);
  }
  for (const proxy of host.proxies.known ? host.proxies.value : [])
    if (parsePrefix(proxy.containerIp))
      draft.portals.push({ address: toBigInt(proxy.containerIp), ports: [{ from: proxy.hostPort, to: proxy.hostPort }], toPort: proxy.containerPort });
  const none = draft.opaque ? new Map<never, never>() : null;
  return {
    host,
    units: none ?? units,
    unitWith: none ?? unitWith,
    holders: holdersOf(host),
    mentions: draft.mentions,
    spans: [...draft.spans.values()],
    patterns: [...draft.patterns].sort(),
    portals: draft.portals,
  };
}

function holdersOf(host: Host): ReadonlyMap<string, readonly Netns[]> {
  const holders = new Map<string, Netns[]>();
  for (const netns of host.namespaces)
    for (const { address } of netns.links.known ? netns.links.value.flatMap((link) => link.addresses) : [])
      holders.set(address, [...(holders.get(address) ?? []), netns]);
  return holders;
}

function mention(draft: Draft, value: bigint | string, made: Mention): void {
  const list = draft.mentions.get(value);
  if (list) list.push(made);
  else draft.mentions.set(value, [made]);
}

function span(draft: Draft, { from, to }: Span<bigint>): void {
  draft.spans.set(`${from}-${to}`, { from, to });
}

function chains(draft: Draft, netns: Netns): void {
  for (const table of netns.firewall.tables) {
    for (const chain of table.chains.values()) {
      const where = `${netns.id} ${table.backend} ${table.family} ${table.name} ${chain.name}`;
      const inside = draft.units.get(netns.id);
      let gap = 0;
      let between: { readonly unit: Unit; readonly rule: Rule }[] = [];
      const close = () => {
        const moveable = interchangeable(between);
        for (const { rule } of between) note(draft, inside, rule, `${where} ${gap}${moveable ? '' : ` ${rule.position}`}`, constantsOf(rule).places);
        between = [];
        gap++;
      };
      for (const rule of chain.rules) {
        const { places, asked, spans, patterns, opaque } = constantsOf(rule);
        for (const s of spans) span(draft, s);
        for (const p of patterns) draft.patterns.add(p);
        if (opaque) draft.opaque = true;
        const about = new Set([...places].flatMap((value) => draft.unitWith.get(value) ?? []));
        const translatesTo = ![...asked].some((value) => draft.unitWith.has(value));
        const [only] = about;
        if (only && about.size === 1 && !translatesTo) {
          between.push({ unit: only, rule });
          continue;
        }
        close();
        portal(draft, rule);
        note(draft, inside, rule, `${where} ${gap} ${rule.position}`, translatesTo ? asked : places);
      }
      close();
    }
  }
}

/** Rules of several units that never match one packet may stand in any order: all want their own in the same field. */
function interchangeable(rules: readonly { readonly unit: Unit; readonly rule: Rule }[]): boolean {
  if (new Set(rules.map(({ unit }) => unit)).size < 2) return true;
  const own = rules.map(({ unit, rule }) => new Set([...wants(rule)].flatMap(([field, value]) => (unit.values.has(value) ? [field] : []))));
  return [...(own[0] ?? [])].some((field) => own.every((fields) => fields.has(field)));
}

/** What a unit's own namespace says of itself is part of the unit. */
function note(draft: Draft, inside: Unit | undefined, rule: Rule, where: string, values: ReadonlySet<bigint | string>): void {
  const made: Mention = { where, rule, text: (name) => written(rule, name) };
  for (const value of values) if (!inside?.values.has(value)) mention(draft, value, made);
}

function portal(draft: Draft, rule: Rule): void {
  for (const statement of rule.statements) {
    if (statement.kind !== 'nat') continue;
    const asked = rule.statements.flatMap((s) =>
      s.kind === 'match' && !s.negate && s.left.kind === 'field' && s.left.field.endsWith('.dport')
        ? s.values.flatMap((v) => ('from' in v ? [{ from: Number(v.from), to: Number(v.to) }] : []))
        : [],
    );
    const ports = asked.length > 0 ? asked : [{ from: 1, to: 65535 }];
    const { port } = statement;
    const fixed = port && port.from === port.to ? port.from : null;
    const toPort = statement.addressExpr || statement.portExpr || (port && fixed === null) ? 'any' : (fixed ?? 'same');
    const { places, asked: conditions } = constantsOf(rule);
    for (const address of places) if (typeof address === 'bigint' && !conditions.has(address)) draft.portals.push({ address, ports, toPort });
  }
}

function sets(draft: Draft, netns: Netns): void {
  const inside = draft.units.get(netns.id);
  const named = [...netns.firewall.ipsets.values(), ...netns.firewall.tables.flatMap((table) => [...table.sets.values()])];
  for (const set of named) {
    for (const element of set.elements) {
      const places = new Set<bigint | string>();
      const spans: Span<bigint>[] = [];
      const patterns: string[] = [];
      for (const value of [...element.key, ...(element.data ?? [])]) valuesOf(value, places, spans, patterns);
      for (const s of spans) span(draft, s);
      for (const p of patterns) draft.patterns.add(p);
      const text = (name: (value: bigint | string) => string | null) =>
        JSON.stringify(element, (key, value: unknown) =>
          typeof value === 'bigint' ? (name(value) ?? String(value)) : key === 'ifname' && typeof value === 'string' ? (name(value) ?? value) : value,
        );
      for (const value of places) if (!inside?.values.has(value)) mention(draft, value, { where: `${netns.id} set ${set.name} ${set.type}`, text });
    }
  }
}

/** A text as rules have it: addresses and MAC addresses are numbers. */
function asInRules(text: string): bigint | string {
  const prefix = parsePrefix(text);
  if (prefix) return prefix.from === prefix.to ? prefix.from : text;
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text) ? macValue(text) : text;
}

/** Routes, policy rules, neighbours, forwarding entries, sysctls of ports, and prefixes of interfaces. */
function tables(draft: Draft, netns: Netns): void {
  const inside = draft.units.get(netns.id);
  const say = (what: string, tokens: readonly (string | null | undefined)[], line: object) => {
    for (const token of new Set(tokens)) {
      const prefix = parsePrefix(token ?? '');
      if (prefix && prefix.from !== prefix.to) span(draft, prefix);
      const value = asInRules(token ?? '');
      if (inside?.values.has(value) || (typeof value === 'string' && !draft.unitWith.has(value))) continue;
      mention(draft, value, { where: `${netns.id} ${what}`, text: (name) => renamed(line, (text) => name(asInRules(text))) });
    }
  };
  for (const family of [4, 6] as const) {
    const { routes, rules } = { routes: netns.routes[family], rules: netns.rules[family] };
    for (const r of routes.known ? routes.value : []) say(`route ${family}`, [r.dst, r.prefsrc, ...r.nexthops.flatMap((h) => [h.gateway, h.dev])], r);
    for (const r of rules.known ? rules.value : []) say(`rule ${family}`, [r.from, r.to, r.iif, r.oif], r);
  }
  for (const n of netns.neighbours.known ? netns.neighbours.value : [])
    if (n.proxy || n.state.some((s) => s === 'PERMANENT' || s === 'NOARP')) say('neighbour', [n.address, n.mac, n.dev], n);
  for (const f of netns.fdb.known ? netns.fdb.value : []) if ((f.permanent && !f.self) || f.dst !== null) say('fdb', [f.mac, f.dev, f.dst], f);
  for (const l of netns.links.known ? netns.links.value : [])
    for (const a of l.addresses) say('link', [`${a.address}/${a.prefix}`, a.peer], { link: l.name, ...a });
  for (const l of netns.listeners.known ? netns.listeners.value : []) say('listener', [l.address], { protocol: l.protocol, port: l.port, address: l.address });
}
