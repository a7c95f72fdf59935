/** The ways to a place: its own addresses, and the translated ports of hosts that may lead to it. */
import type { Field, Rule, Statement } from '../model/firewall.ts';
import type { Host, Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { familyOf, fromBigInt, inPrefix, toBigInt } from '../util/ip.ts';
import type { Place } from './places.ts';

/** What a question asks about, whoever asks it. */
export type To = Pick<Question, 'to' | 'protocol' | 'port' | 'family'>;

/** What a target has to offer: a port, or nothing (then the engine is asked for an echo, for the reason). */
export type Service = { readonly protocol: 'tcp' | 'udp'; readonly port: number } | { readonly protocol: 'icmp'; readonly port: null };

/** By its own address. */
export const directly = (target: Place, service: Service): To => ({ to: target.reference, ...service });

/** By each of its addresses, where it has several. Those of an engine's bridges are not known outside of its host. */
export function byAddress(from: Place, target: Place, service: Service): readonly To[] {
  const { netns, host } = target;
  if (!netns?.links.known || !host || familyOf(target.reference) !== null) return [];
  const bridges = new Set(from.host === host || !host.networks.known ? [] : host.networks.value.map(({ bridge }) => bridge));
  const held = netns.links.value.filter(({ name }) => !bridges.has(name)).flatMap(({ addresses }) => addresses);
  const found = new Set(held.filter(({ scope, usable }) => usable && scope === 'global').map(({ address }) => address));
  return found.size > 1 ? [...found].map((to) => ({ to, ...service })) : [];
}

/** Ports of the widest range of a rule that are asked one by one. */
const WIDEST = 64n;

/** Published ports and DNAT rules of all hosts that may lead to this port of a container; where they lead the engine says. */
export function translated(model: Model, target: Place, service: Service): readonly To[] {
  if (!target.container || !target.host || service.protocol === 'icmp') return [];
  const found = [...published(target, service), ...model.hosts.flatMap((host) => dnat(model, host, target, service))];
  return [...new Map(found.map((to) => [JSON.stringify(to), to])).values()];
}

function published(target: Place, service: Service): To[] {
  return (target.container?.ports ?? []).flatMap(({ protocol, containerPort, given }): To[] => {
    if (!given || protocol !== service.protocol || containerPort !== service.port) return [];
    return [address(given.hostIp, target.host?.name ?? '', service.protocol, given.hostPort)];
  });
}

function address(ip: string, host: string, protocol: Question['protocol'], port: number): To {
  if (ip === '' || ip === '0.0.0.0') return { to: `host:${host}`, protocol, port, family: 4 };
  if (ip === '::') return { to: `host:${host}`, protocol, port, family: 6 };
  return { to: ip, protocol, port };
}

const PORTS: readonly Field[] = ['th.dport', 'tcp.dport', 'udp.dport'];
const DESTINATIONS: readonly Field[] = ['ip.daddr', 'ip6.daddr'];

function dnat(model: Model, host: Host, target: Place, service: Service & { port: number }): To[] {
  const netns = model.namespaces.get(host.ownNetns ?? '');
  if (!netns) return [];
  const addresses = (target.container?.endpoints ?? []).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6].flatMap((text) => (text ? [toBigInt(text)] : [])));
  return netns.firewall.tables.flatMap((table) =>
    [...table.chains.values()].flatMap((chain) =>
      chain.rules.flatMap((rule): To[] => {
        if (!mayLeadTo(rule, addresses, service.port)) return [];
        const ip = single(rule, DESTINATIONS);
        const to = ip === null ? null : fromBigInt(ip, ip > 0xffff_ffffn ? 6 : 4);
        if (to !== null && loopback(to)) return [];
        return ports(rule, service.port).map((port) => address(to ?? (table.family === 'ip6' ? '::' : '0.0.0.0'), host.name, service.protocol, port));
      }),
    ),
  );
}

export const loopback = (text: string) => text === '::1' || inPrefix('127.0.0.0/8', text);

/** A rule whose address or port comes from a map may lead anywhere. */
function mayLeadTo(rule: Rule, addresses: readonly bigint[], port: number): boolean {
  const nat = rule.statements.find((statement) => statement.kind === 'nat');
  if (nat?.nat !== 'dnat') return false;
  const { from, to } = nat.address ?? { from: 0n, to: -1n };
  const fits = nat.addressExpr !== undefined || addresses.some((value) => value >= from && value <= to);
  return fits && (nat.port === undefined || (nat.port.from <= port && port <= nat.port.to));
}

function valuesOf(rule: Rule, fields: readonly Field[]) {
  const matches = rule.statements.filter(
    (s): s is Statement & { kind: 'match' } => s.kind === 'match' && s.left.kind === 'field' && fields.includes(s.left.field),
  );
  return matches.filter(({ negate }) => !negate).flatMap(({ values }) => values.flatMap((value) => ('ifname' in value ? [] : [value])));
}

function single(rule: Rule, fields: readonly Field[]): bigint | null {
  const [only, second] = valuesOf(rule, fields);
  return only && !second && only.from === only.to ? only.from : null;
}

/** The ports that the rule looks for; the service's own where it looks for none. */
function ports(rule: Rule, own: number): number[] {
  const ranges = valuesOf(rule, PORTS).filter(({ from, to }) => to - from < WIDEST);
  if (ranges.length === 0) return [own];
  return ranges.flatMap(({ from, to }) => Array.from({ length: Number(to - from) + 1 }, (_, i) => Number(from) + i));
}
