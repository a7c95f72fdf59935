/** A Linux bridge: br_input.c, br_forward.c, br_vlan.c, and br_netfilter_hooks.c where it is on. */
import type { EvalContext } from '../firewall/context.ts';
import type { Link, Netns } from '../model/network.ts';
import { death } from './death.ts';
import { BROADCAST, copyOf, type Frame, type FrameEvent, packetOf } from './frame.ts';
import { runHook, runLinkHook } from './hooks.ts';
import { errorFor } from './icmp.ts';
import { linksOf } from './index-netns.ts';
import { reaches } from './reach.ts';
import { evidenceOf, step } from './recorder.ts';
import { routeInput } from './route-input.ts';
import { ICMP, ICMP6, isNeighbourDiscovery, l4proto, NO_PACKET, newSkb } from './skb.ts';
import type { Death, Skb, World } from './types.ts';
import { need, sysctl } from './world.ts';

function lost(world: World, ns: Netns, dev: Link, frame: Frame, detail: string, text: string): FrameEvent {
  const skb = packetOf(frame) ?? newSkb(NO_PACKET);
  return {
    kind: 'lost',
    death: death(ns, {
      key: `${ns.id}|bridge|${dev.name}|${detail}`,
      disposition: 'dropped-by-kernel',
      text,
      dev: dev.name,
      detail,
      packet: skb.packet,
      evidence: [evidenceOf(world.model, ns, dev.source, `${dev.name}: ${text}`)],
    }),
  };
}

function netfilterWatches(ns: Netns, bridge: Link, family: 4 | 6): boolean {
  const key = family === 4 ? 'bridge.bridge-nf-call-iptables' : 'bridge.bridge-nf-call-ip6tables';
  return sysctl(ns, key) !== 0 || (family === 4 ? bridge.bridge?.nfCallIptables : bridge.bridge?.nfCallIp6tables) === true;
}

/** VLAN the frame has inside the bridge; null: the port does not take it. */
function ingressVlan(ns: Netns, bridge: Link, port: Link, frame: Frame): number | null {
  if (!bridge.bridge?.vlanFiltering) return frame.vlan ?? 0;
  const mine = need(ns.vlans).filter((v) => v.dev === port.name);
  const vlan = frame.vlan ?? mine.find((v) => v.pvid)?.vlan ?? null;
  return vlan !== null && mine.some((v) => v.vlan === vlan) ? vlan : null;
}

function egressAllowed(ns: Netns, bridge: Link, dev: string, vlan: number): boolean {
  return !bridge.bridge?.vlanFiltering || need(ns.vlans).some((v) => v.dev === dev && v.vlan === vlan);
}

function localMac(ns: Netns, bridge: Link, mac: string): boolean {
  return bridge.mac === mac || (linksOf(ns).ports.get(bridge.name) ?? []).some((p) => p.mac === mac);
}

/** br_handle_frame: a frame comes in by a port. */
export function bridgeInput(world: World, ns: Netns, port: Link, frame: Frame): FrameEvent[] {
  const bridge = linksOf(ns).links.get(port.master ?? '')!;
  if (!bridge.up) return [lost(world, ns, bridge, frame, 'bridge-down', 'the bridge is down')];
  if (port.port && port.port.state !== 'forwarding') return [lost(world, ns, port, frame, 'port-state', `the bridge port is ${port.port.state}`)];
  const vlan = ingressVlan(ns, bridge, port, frame);
  if (vlan === null) return [lost(world, ns, port, frame, 'vlan', 'the bridge port is not in the VLAN')];
  let inside: Frame = { ...frame, vlan };
  const skb = packetOf(inside);
  let prerouted = false;
  const dead = bridgeChain(world, ns, 'prerouting', inside, port.name, null);
  if (dead) return [{ kind: 'lost', death: dead }];
  if (skb && netfilterWatches(ns, bridge, skb.packet.family)) {
    skb.physIn = port.name;
    const before = skb.packet.dst;
    const stopped = runHook(world, ns, 'prerouting', skb, {
      iif: bridge.name,
      oif: null,
      bridged: true,
      pkttype: inside.dst === BROADCAST ? 'multicast' : 'unicast', // setup_pre_routing: PACKET_OTHERHOST is hidden from iptables
    });
    if (stopped) return [{ kind: 'lost', death: stopped }];
    prerouted = true;
    if (skb.packet.dst !== before) {
      const to = afterTranslation(world, ns, bridge, skb);
      if (to === null) return [lost(world, ns, bridge, inside, 'bridged-dnat', `no way to ${skb.packet.dst} after translation on the bridge`)];
      if (to === 'silence') return [silence(world, ns, bridge, skb)];
      inside = { ...inside, dst: to === 'up' ? (bridge.mac ?? inside.dst) : to };
    }
  }
  return decide(world, ns, bridge, port, inside, vlan, prerouted);
}

/** br_nf_pre_routing_finish: a translated packet is bridged on to its new MAC, or handed up to be routed. */
function afterTranslation(world: World, ns: Netns, bridge: Link, skb: Skb): string | 'up' | 'silence' | null {
  const { packet } = skb;
  const key = {
    family: packet.family,
    src: packet.src,
    dst: packet.dst,
    mark: packet.mark,
    tos: 0,
    protocol: l4proto(packet),
    sport: packet.sport,
    dport: packet.dport,
  };
  const route = routeInput(world, ns, bridge.name, key);
  // What cannot be routed still has a route, to ip_error: it goes up and is refused there.
  if (route.kind === 'local' || route.kind === 'not-forwarding' || route.kind === 'error') return 'up';
  if (route.kind !== 'forward') return null;
  if (route.dev !== bridge.name) return 'up';
  return world.resolve(ns, bridge.name, route.gateway ?? packet.dst, skb) ?? 'silence';
}

/** The translated packet waits for a neighbour that never answers (arp_error_report). */
function silence(world: World, ns: Netns, bridge: Link, skb: Skb): FrameEvent {
  const { dst, family } = skb.packet;
  const why = {
    key: `${ns.id}|neighbour|${bridge.name}|${dst}`,
    disposition: 'neighbour-unreachable' as const,
    text: `nobody on ${bridge.name} answers for ${dst}`,
    dev: bridge.name,
    address: dst,
    packet: skb.packet,
    evidence: [evidenceOf(world.model, ns, bridge.source, bridge.name)],
  };
  return {
    kind: 'lost',
    death: death(ns, why, { error: family === 4 ? errorFor(ns, skb, ICMP.unreachable, 1, bridge.name) : errorFor(ns, skb, ICMP6.unreachable, 3, bridge.name) }),
  };
}

function decide(world: World, ns: Netns, bridge: Link, port: Link, frame: Frame, vlan: number, prerouted: boolean): FrameEvent[] {
  const events: FrameEvent[] = [];
  const broadcast = frame.dst === BROADCAST;
  if (broadcast || localMac(ns, bridge, frame.dst)) {
    const up = broadcast ? copyOf(frame) : frame;
    if (egressAllowed(ns, bridge, bridge.name, vlan)) {
      const dead = bridgeChain(world, ns, 'input', up, port.name, null);
      events.push(dead ? { kind: 'lost', death: dead } : { kind: 'arrived', netns: ns, dev: bridge.name, frame: { ...up, vlan: null }, prerouted });
    }
    if (!broadcast) return events;
  }
  events.push(...toPorts(world, ns, bridge, port, frame, vlan));
  return events;
}

/** Frames for `frame.dst` leave by every port behind which it lives; a broadcast by all. */
function toPorts(world: World, ns: Netns, bridge: Link, from: Link | null, frame: Frame, vlan: number): FrameEvent[] {
  const events: FrameEvent[] = [];
  const broadcast = frame.dst === BROADCAST;
  const fixed = broadcast ? null : need(ns.fdb).find((f) => f.mac === frame.dst && f.bridge === bridge.name && f.permanent && !f.self && f.dev !== bridge.name);
  let refusal: FrameEvent | null = null;
  for (const port of linksOf(ns).ports.get(bridge.name) ?? []) {
    if (!broadcast && (fixed ? fixed.dev !== port.name : !reaches(world, ns, port, frame.dst))) continue;
    const settings = port.port;
    const no = (detail: string, text: string) => {
      refusal = lost(world, ns, port, frame, detail, text);
    };
    if (!port.up) no('port-down', 'the bridge port is down');
    else if (settings && settings.state !== 'forwarding') no('port-state', `the bridge port is ${settings.state}`);
    else if (from?.name === port.name && !settings?.hairpin) no('hairpin', 'the frame would have to leave by the port it came in by, and hairpin mode is off');
    else if (from?.port?.isolated && settings?.isolated) no('isolated-port', 'both bridge ports are isolated');
    else if (!egressAllowed(ns, bridge, port.name, vlan)) no('vlan', 'the bridge port is not in the VLAN');
    // br_flood: what the bridge itself sends to all goes out by every port
    else if (
      broadcast &&
      from &&
      settings &&
      !(frame.payload.kind === 'arp' || packetOf(frame)?.packet.family === 4 ? settings.bcastFlood : settings.mcastFlood)
    )
      continue;
    else if (!broadcast && !fixed && settings && !settings.flood && !settings.learning && !learnedBefore(world, ns, bridge, port, frame.dst))
      no('no-flood', 'the bridge port neither learns nor floods');
    else events.push(forwardTo(world, ns, bridge, from, port, broadcast ? copyOf(frame) : frame, vlan));
  }
  if (events.length === 0 && !broadcast) events.push(refusal ?? lost(world, ns, bridge, frame, 'unknown-mac', `no port of the bridge leads to ${frame.dst}`));
  return events;
}

/** An entry from the time before learning was switched off. */
function learnedBefore(world: World, ns: Netns, bridge: Link, port: Link, mac: string): boolean {
  world.reads.remembered = true;
  return need(ns.fdb).some((f) => f.mac === mac && f.bridge === bridge.name && f.dev === port.name && !f.self);
}

function forwardTo(world: World, ns: Netns, bridge: Link, from: Link | null, port: Link, frame: Frame, vlan: number): FrameEvent {
  const skb = packetOf(frame);
  if (from) {
    const dead = bridgeChain(world, ns, 'forward', frame, from.name, port.name);
    if (dead) return { kind: 'lost', death: dead };
    if (skb && netfilterWatches(ns, bridge, skb.packet.family)) {
      const dev = { iif: bridge.name, oif: bridge.name, physOut: port.name, bridged: true };
      const stopped = runHook(world, ns, 'forward', skb, dev);
      if (stopped) return { kind: 'lost', death: stopped };
      const late = bridgeChain(world, ns, 'postrouting', frame, null, port.name) ?? runHook(world, ns, 'postrouting', skb, { ...dev, iif: null });
      if (late) return { kind: 'lost', death: late };
      if (!isNeighbourDiscovery(skb.packet))
        step(world.recorder, ns, 'bridge', `bridged from ${from.name} to ${port.name} on ${bridge.name}, through iptables (bridge-nf-call)`);
      return { kind: 'out', netns: ns, dev: port.name, frame: untagged(ns, bridge, port, frame, vlan) };
    }
  } else {
    const dead = bridgeChain(world, ns, 'output', frame, null, port.name);
    if (dead) return { kind: 'lost', death: dead };
  }
  const late = bridgeChain(world, ns, 'postrouting', frame, null, port.name);
  if (late) return { kind: 'lost', death: late };
  if (skb && from && !isNeighbourDiscovery(skb.packet))
    step(world.recorder, ns, 'bridge', `bridged from ${from.name} to ${port.name} on ${bridge.name}, past iptables (bridge-nf-call is 0)`);
  return { kind: 'out', netns: ns, dev: port.name, frame: untagged(ns, bridge, port, frame, vlan) };
}

function untagged(ns: Netns, bridge: Link, port: Link, frame: Frame, vlan: number): Frame {
  if (!bridge.bridge?.vlanFiltering) return { ...frame, vlan: vlan === 0 ? null : vlan };
  const keep = need(ns.vlans).find((v) => v.dev === port.name && v.vlan === vlan)?.untagged !== true;
  return { ...frame, vlan: keep ? vlan : null };
}

/** br_dev_xmit: the host itself sends by the bridge. */
export function bridgeOutput(world: World, ns: Netns, bridge: Link, frame: Frame): FrameEvent[] {
  let vlan = 0;
  if (bridge.bridge?.vlanFiltering) {
    const own = need(ns.vlans).filter((v) => v.dev === bridge.name);
    const found = frame.vlan ?? own.find((v) => v.pvid)?.vlan ?? null;
    if (found === null || !own.some((v) => v.vlan === found)) return [lost(world, ns, bridge, frame, 'vlan', 'the bridge itself is not in the VLAN')];
    vlan = found;
  }
  return toPorts(world, ns, bridge, null, frame, vlan);
}

function bridgeChain(
  world: World,
  ns: Netns,
  hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting',
  frame: Frame,
  iif: string | null,
  oif: string | null,
): Death | null {
  const skb = packetOf(frame);
  return runLinkHook(world, ns, 'bridge', hook, skb, { iif, oif, frame, pkttype: pkttypeOf(ns, frame, hook, iif) });
}

/** br_handle_frame: for the bridge itself, for all, or for another station behind it. */
function pkttypeOf(ns: Netns, frame: Frame, hook: string, iif: string | null): EvalContext['pkttype'] {
  if (frame.dst === BROADCAST) return hook === 'output' ? 'unicast' : 'broadcast';
  const bridge = iif && linksOf(ns).links.get(linksOf(ns).links.get(iif)?.master ?? '');
  return bridge && bridge.mac !== frame.dst ? 'other' : 'unicast';
}
