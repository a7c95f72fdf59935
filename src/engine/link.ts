/** Frames from device to device: veth, bridge, macvlan, VLAN, VXLAN, and the link between hosts. */
import type { Link, Netns } from '../model/network.ts';
import { bridgeInput, bridgeOutput } from './bridge.ts';
import { death } from './death.ts';
import { BROADCAST, copyOf, type Frame, type FrameEvent, packetOf } from './frame.ts';
import { runLinkHook } from './hooks.ts';
import { linksOf } from './index-netns.ts';
import { childrenOf } from './reach.ts';
import { evidenceOf, leaveBy } from './recorder.ts';
import { NO_PACKET, newSkb, scrubbed } from './skb.ts';
import type { Skb, Why, World } from './types.ts';
import { neighboursOnLink } from './underlay.ts';
import { remotesFor, vtepsBehind } from './vxlan.ts';
import { caveat, MissingFact, need } from './world.ts';

export interface Transmitted {
  readonly arrived: readonly Extract<FrameEvent, { kind: 'arrived' }>[];
  readonly left: readonly Extract<FrameEvent, { kind: 'left' }>[];
  readonly lost: readonly Extract<FrameEvent, { kind: 'lost' }>[];
}

/** Sends a frame out by a device and follows it to every network layer that it reaches. */
export function transmit(world: World, ns: Netns, dev: string, frame: Frame): Transmitted {
  return pursue(world, { kind: 'out', netns: ns, dev, frame });
}

/** The same for a frame that comes in by a device from outside the model. */
export function receive(world: World, ns: Netns, dev: string, frame: Frame): Transmitted {
  return pursue(world, { kind: 'in', netns: ns, dev, frame });
}

function pursue(world: World, first: FrameEvent): Transmitted {
  const done = { arrived: [] as Transmitted['arrived'][number][], left: [] as Transmitted['left'][number][], lost: [] as Transmitted['lost'][number][] };
  const queue: FrameEvent[] = [first];
  for (let turns = 0; queue.length > 0 && turns < 4096; turns++) {
    const event = queue.shift()!;
    if (event.kind === 'arrived') done.arrived.push(event);
    else if (event.kind === 'left') done.left.push(event);
    else if (event.kind === 'lost') done.lost.push(event);
    else queue.push(...(event.kind === 'out' ? leave(world, event.netns, event.dev, event.frame) : enter(world, event.netns, event.dev, event.frame)));
  }
  return done;
}

function noDevice(world: World, ns: Netns, link: Link | null, dev: string, frame: Frame, text: string, inner?: Why['inner']): FrameEvent {
  const skb = packetOf(frame) ?? newSkb(NO_PACKET);
  return {
    kind: 'lost',
    death: death(ns, {
      key: `${ns.id}|link|${dev}`,
      disposition: 'interface-down',
      text,
      dev,
      packet: skb.packet,
      evidence: link ? [evidenceOf(world.model, ns, link.source, `${dev}: ${link.flags.join(',')}`)] : [],
      ...(inner ? { inner } : {}),
    }),
  };
}

function leave(world: World, ns: Netns, dev: string, frame: Frame): FrameEvent[] {
  const link = linksOf(ns).links.get(dev);
  if (!link) return [noDevice(world, ns, null, dev, frame, `${dev} does not exist`)];
  if (!link.up) return [noDevice(world, ns, link, dev, frame, `${dev} is down`)];
  const skb = packetOf(frame);
  if (skb && world.recorder.quiet === 0) leaveBy(world.recorder, ns, dev);
  // __dev_queue_xmit: before the device itself is asked
  const dead = runLinkHook(world, ns, 'netdev', 'egress', skb, { iif: null, oif: dev, frame });
  if (dead) return [{ kind: 'lost', death: dead }];
  if (link.kind === 'bridge') return bridgeOutput(world, ns, link, frame);
  if (!link.running) return [noDevice(world, ns, link, dev, frame, `${dev} has no carrier`)];
  switch (link.kind) {
    case 'veth': {
      const peer = link.peer && world.model.namespaces.get(link.peer.netns);
      if (peer && link.peer) return [{ kind: 'in', netns: peer, dev: link.peer.link, frame: crossing(frame, peer !== ns) }];
      return toUnderlay(world, ns, link, frame);
    }
    case 'physical':
      return toUnderlay(world, ns, link, frame);
    case 'macvlan':
    case 'macvtap':
      return fromMacvlan(world, ns, link, frame);
    case 'vlan':
      return parentOf(world, ns, link).map((p) => ({
        kind: 'out' as const,
        netns: p.netns,
        dev: p.link.name,
        frame: { ...crossing(frame, p.netns !== ns), vlan: link.vlanId ?? null },
      }));
    case 'vxlan':
      return fromVxlan(world, ns, link, frame);
    default:
      throw new MissingFact({
        host: ns.host,
        netns: ns.key,
        source: link.source.source,
        reason: `what a ${link.kind} interface (${dev}) does with a packet is not modelled`,
      });
  }
}

function crossing(frame: Frame, crossed: boolean): Frame {
  return frame.payload.kind === 'ip' ? { ...frame, payload: { kind: 'ip', skb: scrubbed(frame.payload.skb, crossed) } } : frame;
}

function parentOf(world: World, ns: Netns, link: Link): { netns: Netns; link: Link }[] {
  const netns = link.peer && world.model.namespaces.get(link.peer.netns);
  const parent = netns && link.peer && linksOf(netns).links.get(link.peer.link);
  if (!netns || !parent)
    throw new MissingFact({ host: ns.host, netns: ns.key, source: link.source.source, reason: `the parent interface of ${link.name} was not found` });
  return [{ netns, link: parent }];
}

function toUnderlay(world: World, ns: Netns, link: Link, frame: Frame): FrameEvent[] {
  world.reads.beyond = true;
  // the other end of a veth may be in a namespace of this host whose links could not be read
  if (link.kind === 'veth') for (const other of world.model.namespaces.values()) if (other.host === ns.host) need(other.links);
  const others = neighboursOnLink(world.model, ns, link);
  if (frame.payload.kind === 'ip' && others.length > 0)
    caveat(world, 'UNDERLAY_ASSUMED', 'no facts about the link between the hosts: interfaces in one subnet are taken to be on one link');
  // Interfaces that are taken to be on one link may be bridged to one another: a frame comes to each of them once.
  const heard = frame.heard ?? new Set<Link>();
  heard.add(link);
  const events: FrameEvent[] = [];
  for (const p of others) {
    const takes = frame.dst === BROADCAST || p.link.mac === frame.dst || p.link.master !== null || childrenOf(world, p.netns, p.link).length > 0;
    if (!takes || heard.has(p.link)) continue;
    heard.add(p.link);
    events.push({ kind: 'in', netns: p.netns, dev: p.link.name, frame: { ...copyOf(crossing(frame, true)), heard } });
  }
  if (frame.heard && events.length === 0) return [];
  // Who is not known hears a broadcast, too.
  const toOthers = frame.dst === BROADCAST && !frame.heard;
  if (toOthers || frame.dst.startsWith('outside ') || events.length === 0) events.push({ kind: 'left', netns: ns, dev: link.name, frame });
  return events;
}

/** drivers/net/macvlan.c: children of one parent talk among themselves (bridge mode) and to the outside, never to the parent. */
function fromMacvlan(world: World, ns: Netns, link: Link, frame: Frame): FrameEvent[] {
  const parent = parentOf(world, ns, link)[0]!;
  const siblings = childrenOf(world, parent.netns, parent.link).filter((c) => c.link !== link && c.link.kind === link.kind);
  const events: FrameEvent[] = [];
  const among = link.macvlanMode === 'bridge';
  for (const s of siblings) {
    if (!among || s.link.macvlanMode !== 'bridge') continue;
    if (frame.dst === BROADCAST || s.link.mac === frame.dst)
      events.push({ kind: 'in', netns: s.netns, dev: s.link.name, frame: copyOf(crossing(frame, s.netns !== ns)) });
  }
  if (frame.dst !== BROADCAST && events.length > 0) return events;
  return [...events, { kind: 'out', netns: parent.netns, dev: parent.link.name, frame: copyOf(crossing(frame, parent.netns !== ns)) }];
}

/** The frame as payload of UDP from tunnel end to tunnel end: a flow of its own, which has to get there. */
function fromVxlan(world: World, ns: Netns, link: Link, frame: Frame): FrameEvent[] {
  world.reads.beyond = true;
  const ends = vtepsBehind(world, ns, link, frame.dst);
  if (ends.length === 0)
    return remotesFor(ns, link, frame.dst).length > 0
      ? [{ kind: 'left', netns: ns, dev: link.name, frame }]
      : [noDevice(world, ns, link, link.name, frame, `${link.name} knows no tunnel end for ${frame.dst}`)];
  const events: FrameEvent[] = [];
  for (const end of ends) {
    const fate = world.tunnel(ns, link, end.address);
    if (fate.kind === 'delivered') events.push({ kind: 'in', netns: end.netns, dev: end.link.name, frame: copyOf(crossing(frame, true)) });
    else if (fate.kind === 'left') events.push({ kind: 'left', netns: ns, dev: link.name, frame });
    else
      events.push(
        noDevice(world, ns, link, link.name, frame, `the tunnel packet to ${end.address} does not arrive: ${fate.why.text}`, {
          netns: fate.netns,
          why: fate.why,
        }),
      );
  }
  return events;
}

function enter(world: World, ns: Netns, dev: string, frame: Frame): FrameEvent[] {
  const link = linksOf(ns).links.get(dev);
  if (!link) return [noDevice(world, ns, null, dev, frame, `${dev} does not exist`)];
  if (!link.up) return [noDevice(world, ns, link, dev, frame, `${dev} is down`)];
  if (link.program) caveat(world, 'EBPF_PROGRAM_PRESENT', `a program (${link.program}) on ${dev} sees packets before any rule`);
  const skb: Skb | null = packetOf(frame);
  const dead = runLinkHook(world, ns, 'netdev', 'ingress', skb, { iif: dev, oif: null, frame });
  if (dead) return [{ kind: 'lost', death: dead }];
  const children = childrenOf(world, ns, link);
  if (frame.vlan !== null && !link.master) {
    const child = children.find((c) => c.link.kind === 'vlan' && c.link.vlanId === frame.vlan);
    return child
      ? [{ kind: 'in', netns: child.netns, dev: child.link.name, frame: { ...crossing(frame, child.netns !== ns), vlan: null } }]
      : [noDevice(world, ns, link, dev, frame, `nothing on ${dev} takes VLAN ${frame.vlan}`)];
  }
  const macvlans = children.filter((c) => c.link.kind === 'macvlan' || c.link.kind === 'macvtap');
  const events: FrameEvent[] = [];
  for (const c of macvlans) {
    if (frame.dst === BROADCAST || c.link.mac === frame.dst)
      events.push({ kind: 'in', netns: c.netns, dev: c.link.name, frame: copyOf(crossing(frame, c.netns !== ns)) });
  }
  if (events.length > 0 && frame.dst !== BROADCAST) return events;
  const master = link.master ? linksOf(ns).links.get(link.master) : undefined;
  if (master?.kind === 'bridge') return [...events, ...bridgeInput(world, ns, link, frame)];
  if (link.kind === 'bridge' || frame.dst === BROADCAST || frame.dst === link.mac || !link.mac)
    return [...events, { kind: 'arrived', netns: ns, dev, frame, prerouted: false }];
  // ip_rcv: PACKET_OTHERHOST
  return [...events, noDevice(world, ns, link, dev, frame, `${dev} is not ${frame.dst}: the frame is for another station`)];
}
