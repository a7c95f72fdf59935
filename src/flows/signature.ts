/** What is to be known of a unit, or of an address, to know how packets fare: two with the same text may change places. */

import type { Known } from '../model/evidence.ts';
import type { Rule } from '../model/firewall.ts';
import type { Host } from '../model/model.ts';
import type { Link, Netns } from '../model/network.ts';
import { toBigInt } from '../util/ip.ts';
import { wants, written } from './constants.ts';
import type { Landmarks } from './landmarks.ts';
import { IN_USE } from './ports.ts';
import { addressesOf, renamed, type Unit } from './units.ts';

type Name = (text: string) => string | null;

/** Values that the kernel counts and nothing here asks for. */
export const VOLATILE = /conntrack_(count|buckets)|stable_secret|\.mtu$|random|_usage/;
const EMBEDDED_DNS = toBigInt('127.0.0.11');

function known<T>(it: Known<T>, text: (value: T) => string): string {
  return it.known ? text(it.value) : 'unknown';
}

function linkText(link: Link, name: Name): string {
  const { ifindex: _, peerIndex: __, peerNsid: ___, peer: ____, ...kept } = link;
  return renamed(kept, name);
}

function sysctlsOf(netns: Netns): string {
  return known(netns.sysctls, (all) => [...all].filter(([key]) => !VOLATILE.test(key)).join('\n'));
}

/** The engine's own name service is at an address that nobody outside of the namespace speaks to; its ports are drawn at each start. */
const ofNameService = (rule: Rule) => [...wants(rule).values()].includes(EMBEDDED_DNS);

function firewallOf(netns: Netns, unit: Unit): string {
  const { tables, ipsets, gaps } = netns.firewall;
  const name = (value: bigint | string) => unit.values.get(value) ?? null;
  const rules = tables.flatMap((table) => [...table.chains.values()].flatMap(({ rules: all }) => all));
  const kept = new Set(rules.filter((rule) => !ofNameService(rule)));
  const intoLoopback = [...kept].some((rule) => rule.statements.some((s) => s.kind === 'nat'));
  const text = tables.map((table) =>
    [
      table.backend,
      table.family,
      table.name,
      table.dormant,
      ...[...table.chains.values()].map((chain) =>
        [
          chain.name,
          JSON.stringify({ ...chain.base, policyCounters: undefined }),
          ...chain.rules.filter((rule) => intoLoopback || kept.has(rule)).map((rule) => written(rule, name)),
        ].join('\n'),
      ),
      ...[...table.sets.values()].map((set) => renamed(set, () => null)),
    ].join('\n'),
  );
  return [...text, ...[...ipsets.values()].map((set) => renamed(set, () => null)), ...gaps.map(({ families }) => `gap ${families.join()}`)].join('\n');
}

function listenersOf(netns: Netns, host: Host, name: Name): string {
  const states = new Map((host.containers.known ? host.containers.value : []).map((c) => [c.id, c.state === 'paused']));
  const paused = (id: string | null | undefined) => (id ? states.get(id) === true : false);
  const pids = new Set((host.proxies.known ? host.proxies.value : []).map(({ pid }) => pid));
  return known(netns.listeners, (all) =>
    all
      .filter(({ address }) => address !== '127.0.0.11')
      .map((l) => {
        const full = l.queue !== undefined && l.queue.waiting > l.queue.limit;
        const { protocol, family, address, port, dev, v6only } = l;
        const proxy = l.process === null || l.process === 'docker-proxy' || pids.has(l.pid ?? -1);
        return renamed({ protocol, family, address, port, dev, v6only, full, proxy, paused: paused(l.containerId ?? netns.containerIds[0]) }, name);
      })
      .join('\n'),
  );
}

/** How the host's rules, routes and tables tell an address from others. */
function cellOf({ spans }: Landmarks, address: string): string {
  const value = toBigInt(address);
  return spans.map(({ from, to }) => (value >= from && value <= to ? '1' : '0')).join('');
}

/** All that the host says of it, but for rules that are `idle`. */
function residueOf(
  landmarks: Landmarks,
  values: Iterable<bigint | string>,
  name: (value: bigint | string) => string | null,
  idle: (rule: Rule) => boolean = () => false,
): string {
  const lines = [...values].flatMap((value) => landmarks.mentions.get(value) ?? []).filter(({ rule }) => !rule || !idle(rule));
  return [...new Set(lines)].map((mention) => `${mention.where} ${mention.text(name)}`).join('\n');
}

export type Role = 'source' | 'target' | 'both';

/**
 * Rules that see no packet of a unit in its role. Nobody but itself is both ends of a packet; and whoever asks is spoken to on the port that
 * it asks from.
 */
function idleFor(unit: Unit, role: Role): (rule: Rule) => boolean {
  const own = (value: bigint | string | undefined) => value !== undefined && unit.values.has(value);
  return (rule) => {
    if (role === 'both') return false;
    const wanted = wants(rule);
    const from = own(wanted.get('ip.saddr')) || own(wanted.get('ip6.saddr'));
    const to = own(wanted.get('ip.daddr')) || own(wanted.get('ip6.daddr'));
    return (from && to) || (role === 'source' && ((to && wantsOther(rule, 'dport')) || (from && wantsOther(rule, 'sport'))));
  };
}

/** Wants a port that no question is asked from. */
function wantsOther(rule: Rule, end: 'sport' | 'dport'): boolean {
  return rule.statements.some(
    (s) =>
      s.kind === 'match' &&
      !s.negate &&
      s.left.kind === 'field' &&
      (s.left.field === `tcp.${end}` || s.left.field === `udp.${end}`) &&
      s.values.every((v) => 'from' in v && IN_USE.every((port) => BigInt(port) < v.from || BigInt(port) > v.to)),
  );
}

/** Of a unit as its own host knows it. Listeners of a source are asked by nobody. */
export function unitSignature(landmarks: Landmarks, unit: Unit, own: Netns, role: Role): string {
  const parts = [residueOf(landmarks, unit.values.keys(), (value) => unit.values.get(value) ?? null, idleFor(unit, role))];
  if (role !== 'source') parts.push(listenersOf(unit.netns, landmarks.host, nameIn(unit)));
  return [commonSignature(landmarks, unit, own), ...parts].join('\n\n');
}

const nameIn =
  (unit: Unit): Name =>
  (text) =>
    unit.names.get(text) ?? unit.names.get(text.replace(/\/(32|128)$/, '')) ?? null;

const common = new WeakMap<Unit, string>();

function commonSignature(landmarks: Landmarks, unit: Unit, own: Netns): string {
  const found = common.get(unit) ?? makeCommon(landmarks, unit, own);
  common.set(unit, found);
  return found;
}

function makeCommon(landmarks: Landmarks, unit: Unit, own: Netns): string {
  const { netns, ports } = unit;
  const name = nameIn(unit);
  const fixed = known(netns.neighbours, (all) =>
    renamed(
      all.filter((n) => n.proxy || n.state.includes('PERMANENT') || n.state.includes('NOARP')),
      name,
    ),
  );
  const names = new Set(ports.map((port) => port.name));
  return [
    known(netns.links, (all) =>
      [...all]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((l) => linkText(l, name))
        .join('\n'),
    ),
    ports.map((port) => linkText(port, name)).join('\n'),
    known(own.vlans, (all) =>
      renamed(
        all.filter((v) => names.has(v.dev)),
        name,
      ),
    ),
    [...names].map((port, i) => portSysctls(own, port, i)).join('\n'),
    [...names].map((port) => landmarks.patterns.map((start) => port.startsWith(start)).join()).join(' '),
    known(netns.routes[4], (all) => renamed(all, name)),
    known(netns.routes[6], (all) => renamed(all, name)),
    known(netns.rules[4], (all) => renamed(all, name)),
    known(netns.rules[6], (all) => renamed(all, name)),
    fixed,
    sysctlsOf(netns),
    firewallOf(netns, unit),
    addressesOf(unit)
      .map((address) => cellOf(landmarks, address))
      .join(' '),
  ].join('\n\n');
}

const sysctlsByPort = new WeakMap<Netns, Map<string, string[]>>();

/** The host's settings of one of its interfaces, without the name. */
function portSysctls(own: Netns, port: string, place: number): string {
  let index = sysctlsByPort.get(own);
  if (!index) {
    index = new Map();
    for (const [key, value] of own.sysctls.known ? own.sysctls.value : []) {
      const [, family, dev, rest] = /^(ipv[46])\.(?:conf|neigh)\.([^.]+)\.(.+)$/.exec(key) ?? [];
      if (dev === undefined || VOLATILE.test(key)) continue;
      const list = index.get(dev) ?? [];
      index.set(dev, list);
      list.push(`${family} ${rest}=${value}`);
    }
    sysctlsByPort.set(own, index);
  }
  return `${place} ${(index.get(port.replaceAll('.', '/')) ?? []).join()}`;
}

/** Of an address as a host knows it that is not its home. */
export function addressSignature(landmarks: Landmarks, address: string): string {
  const holders = landmarks.holders.get(address);
  if (holders) return `held by ${holders.map((netns) => netns.id).join()} ${address}`;
  const value = toBigInt(address);
  return `${cellOf(landmarks, address)} ${residueOf(landmarks, [value], (v) => (v === value ? '@' : null))}`;
}
