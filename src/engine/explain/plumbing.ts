/** Causes that lie beside the mechanism that stopped the packet: it should never have come that way. */
import type { Cause } from '../../model/answer.ts';
import type { Link, Netns, PolicyRule } from '../../model/network.ts';
import { policyRulesOf } from '../index-netns.ts';
import { lookup } from '../lookup.ts';
import { l4proto } from '../skb.ts';
import { newWorld } from '../walk.ts';
import { cause, containersOf, hostOf, nameOf, networksOf, type Scene } from './scene.ts';

/** A container's link whose other end, on the host, should be in the network's bridge and is in none. */
export interface Unplugged {
  readonly host: Netns;
  readonly container: string;
  readonly link: string;
  readonly bridge: string;
}

export function unplugged(scene: Scene): Unplugged | null {
  const { model, source, target, why } = scene;
  const concerned = new Set([
    source.kind === 'netns' ? source.container?.id : undefined,
    target.kind === 'addresses' ? target.container?.id : undefined,
    ...containersOf(hostOf(model, scene.netns)).flatMap((c) => (c.endpoints.some((e) => e.ipv4 === why.packet.dst || e.ipv4 === why.packet.src) ? [c.id] : [])),
  ]);
  for (const host of model.hosts) {
    for (const container of containersOf(host)) {
      const ns = concerned.has(container.id) && container.netns ? model.namespaces.get(container.netns) : undefined;
      if (!ns?.links.known || !host.ownNetns) continue;
      for (const endpoint of container.endpoints) {
        const bridge = networksOf(host).find((n) => n.id === endpoint.networkId)?.bridge;
        const inner = ns.links.value.find((l) => l.kind === 'veth' && l.addresses.some((a) => a.address === endpoint.ipv4));
        const outer = bridge && inner?.peer?.netns === host.ownNetns ? linkOf(model.namespaces.get(host.ownNetns), inner.peer.link) : undefined;
        if (outer && bridge && outer.master === null && linkOf(model.namespaces.get(host.ownNetns), bridge))
          return { host: model.namespaces.get(host.ownNetns)!, container: container.name, link: outer.name, bridge };
      }
    }
  }
  return null;
}

function linkOf(ns: Netns | undefined, name: string): Link | undefined {
  return ns?.links.known ? ns.links.value.find((l) => l.name === name) : undefined;
}

const GONE_ASTRAY: ReadonlySet<string> = new Set(['neighbour-unreachable', 'dropped-by-policy', 'reverse-path-filtered', 'no-route', 'dropped-by-kernel']);

export function bridgePortMissing(scene: Scene): Cause | null {
  const found = GONE_ASTRAY.has(scene.why.disposition) ? unplugged(scene) : null;
  if (!found) return null;
  const { container, link, bridge, host } = found;
  return cause('BRIDGE_PORT_MISSING', `${link}, the end of ${container}'s link on ${nameOf(scene.model, host)}, is not plugged into its bridge ${bridge}`, {
    container,
    interface: link,
    bridge,
  });
}

const USUAL: ReadonlySet<string> = new Set(['local', 'main', 'default']);

function isUsual(rule: PolicyRule): boolean {
  return rule.action === 'lookup' && USUAL.has(rule.table ?? 'main') && rule.suppressPrefixLength === null;
}

/** Where the packet died it had come by a policy rule, and the main table would have sent it another way. */
export function policyRouted(scene: Scene): Cause | null {
  const { why, netns, model, ending } = scene;
  if (why.disposition !== 'neighbour-unreachable' && why.disposition !== 'dropped-by-policy') return null;
  const { family } = why.packet;
  if (!netns.rules[family].known || netns.rules[family].value.every(isUsual)) return null;
  const hops = (scene.direction === 'request' ? ending.forward : ending.reply) ?? [];
  const hop = hops.findLast((h) => h.netns === netns);
  // The route was looked up before the source was translated.
  const packet = hop?.steps.findLast((s) => s.stage === 'postrouting' && s.before)?.before ?? why.packet;
  const key = {
    family,
    src: packet.src,
    dst: packet.dst,
    iif: hop?.iif ?? 'lo',
    oif: null,
    mark: packet.mark,
    tos: packet.dscp << 2,
    protocol: l4proto(packet),
    sport: packet.sport,
    dport: packet.dport,
  };
  const world = newWorld({ model, choose: () => true, lifted: new Set() });
  const taken = lookup(world, netns, key);
  if (taken.kind !== 'route' || isUsual(taken.rule)) return null;
  const plain = policyRulesOf(netns, family).filter(isUsual);
  const usual = lookup(world, { ...netns, rules: { ...netns.rules, [family]: { known: true, value: plain } } }, key);
  if (usual.kind === 'route' && usual.nexthop.dev === taken.nexthop.dev) return null;
  const instead = usual.kind === 'route' ? `; the main table would send it by ${usual.nexthop.dev}` : '';
  const { rule, nexthop } = taken;
  return cause(
    'POLICY_ROUTED',
    `policy rule ${rule.priority} of ${nameOf(model, netns)} sends packets for ${packet.dst} to table ${rule.table}, and so by ${nexthop.dev}${instead}`,
    { rule: String(rule.priority), table: rule.table ?? '', interface: nexthop.dev ?? '', address: packet.dst },
  );
}

/** Somebody else on this host has the address as well, and got the packet. */
export function duplicateAddress(scene: Scene): Cause | null {
  const { netns, model, why } = scene;
  const { dst } = why.packet;
  if (netns.kind === 'host' || dst.startsWith('127.') || dst === '::1') return null;
  const has = (ns: Netns) => ns.links.known && ns.links.value.some((l) => l.addresses.some((a) => a.address === dst));
  const others = [...model.namespaces.values()].filter((ns) => ns !== netns && ns.host === netns.host && has(ns));
  if (others.length === 0 || !has(netns)) return null;
  const names = others.map((ns) => nameOf(model, ns)).join(', ');
  return cause('DUPLICATE_ADDRESS', `${dst} is an address of ${names} and of ${nameOf(model, netns)}, which got the packet`, {
    address: dst,
    place: nameOf(model, netns),
  });
}
