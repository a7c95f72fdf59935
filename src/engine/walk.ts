/** The whole walk of one packet, from the namespace that sends it to its end. */
import type { Link, Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { death } from './death.ts';
import { BROADCAST, type Frame } from './frame.ts';
import { errorFor } from './icmp.ts';
import { linksOf } from './index-netns.ts';
import { type Arrival, input } from './input.ts';
import { receive, type Transmitted, transmit } from './link.ts';
import { resolve } from './neighbour.ts';
import { output, type Xmit } from './output.ts';
import { newReads } from './reads.ts';
import { enterHop, evidenceOf, newRecorder, step } from './recorder.ts';
import { ICMP, ICMP6, newSkb } from './skb.ts';
import type { Death, Fate, Skb, World } from './types.ts';
import { MissingFact } from './world.ts';

/** Hops a packet may take: more is a loop. */
const MAX_HOPS = 80;

/** Sends from a namespace's own stack. */
export function send(world: World, ns: Netns, skb: Skb): Fate {
  enterHop(world.recorder, ns, null);
  if (skb.direct) {
    const { dev, src, dst } = skb.direct;
    const sent = transmit(world, ns, dev, { src, dst, vlan: null, payload: { kind: 'ip', skb } });
    return follow(world, landed(world, sent, { kind: 'xmit', netns: ns, dev, nexthop: skb.packet.dst, skb, broadcast: false, iif: null }));
  }
  return follow(world, output(world, ns, skb));
}

/** Lets a packet come in on the wire of an external interface, as from a station outside the model. */
export function inject(world: World, ns: Netns, dev: string, mac: string, packet: Packet): Fate {
  const skb = newSkb(packet);
  const sent = receive(world, ns, dev, { src: `outside ${packet.src}`, dst: mac, vlan: null, payload: { kind: 'ip', skb } });
  return follow(world, landed(world, sent, { kind: 'xmit', netns: ns, dev, nexthop: packet.dst, skb, broadcast: false, iif: null }));
}

function follow(world: World, first: Xmit | Fate | Arrival): Fate {
  let state = 'kind' in first ? first : input(world, first);
  for (let hops = 0; state.kind === 'xmit'; hops++) {
    if (hops > MAX_HOPS) throw new MissingFact({ host: state.netns.host, netns: state.netns.key, source: 'engine', reason: 'the packet goes in circles' });
    const next = put(world, state);
    state = 'kind' in next ? next : input(world, next);
  }
  return state;
}

/** Resolves the next hop and sends the frame; gives where it arrives. */
function put(world: World, xmit: Xmit): Arrival | Fate {
  const { netns: ns, dev, nexthop, skb } = xmit;
  const link = linksOf(ns).links.get(dev);
  if (dev === 'lo' || link?.kind === 'loopback')
    return link?.up === false ? unreachable(world, xmit, 'lo is down', undefined) : { netns: ns, dev: 'lo', skb, prerouted: false };
  if (!link) return unreachable(world, xmit, `${dev} does not exist`, undefined);
  const noArp = link.flags.includes('NOARP') || !link.mac || link.mac === '00:00:00:00:00:00';
  const found = xmit.broadcast
    ? ({ kind: 'mac', mac: BROADCAST } as const)
    : noArp
      ? ({ kind: 'mac', mac: '' } as const)
      : resolve(world, ns, dev, nexthop, skb);
  if (found.kind === 'silence') return unreachable(world, xmit, found.text, found.inner ?? undefined);
  const outside = found.mac.startsWith('outside ');
  step(world.recorder, ns, 'neighbour', outside ? `${nexthop} is a station outside the collected facts, by ${dev}` : `${nexthop} is ${found.mac} on ${dev}`);
  const frame: Frame = { src: link.mac ?? '', dst: found.mac, vlan: null, payload: { kind: 'ip', skb: { ...skb, etherSrc: link.mac, etherDst: found.mac } } };
  return landed(world, transmit(world, ns, dev, frame), xmit);
}

function landed(world: World, sent: Transmitted, xmit: Xmit): Arrival | Fate {
  const { nexthop, skb } = xmit;
  const arrived = sent.arrived[0];
  if (arrived?.frame.payload.kind === 'ip') {
    const there = arrived.frame.payload.skb;
    there.etherSrc = arrived.frame.src;
    there.etherDst = arrived.frame.dst;
    return { netns: arrived.netns, dev: arrived.dev, skb: there, prerouted: arrived.prerouted };
  }
  const left = sent.left[0];
  if (left) return { kind: 'left', netns: left.netns, dev: left.dev, nexthop, skb: left.frame.payload.kind === 'ip' ? left.frame.payload.skb : skb };
  const lost = sent.lost[0];
  if (lost) {
    if (!lost.death.why.chain) step(world.recorder, lost.death.netns, 'link', lost.death.why.text, lost.death.why.evidence);
    return lost.death;
  }
  return unreachable(world, xmit, `the frame for ${nexthop} is taken by nobody`, undefined);
}

/** arp_error_report and ndisc_error_report: an ICMP error for the sender, who may be this namespace itself. */
function unreachable(world: World, xmit: Xmit, text: string, inner: Death['why']['inner']): Death {
  const { netns: ns, dev, nexthop, skb, iif } = xmit;
  const link = linksOf(ns).links.get(dev);
  const evidence = link ? [evidenceOf(world.model, ns, link.source, `${dev}: ${link.flags.join(',')}`)] : [];
  step(world.recorder, ns, 'neighbour', text, evidence);
  const why = {
    key: `${ns.id}|neighbour|${dev}|${nexthop}`,
    disposition: 'neighbour-unreachable' as const,
    text,
    dev,
    address: nexthop,
    packet: skb.packet,
    evidence,
    ...(inner ? { inner } : {}),
  };
  return death(ns, why, { error: skb.packet.family === 4 ? errorFor(ns, skb, ICMP.unreachable, 1, iif) : errorFor(ns, skb, ICMP6.unreachable, 3, iif) });
}

/** A world for one walk. */
export function newWorld(base: Pick<World, 'model' | 'choose' | 'lifted'> & Partial<Pick<World, 'reads'>>): World {
  const world: World = {
    reads: newReads(),
    ...base,
    conntrack: new Map(),
    recorder: newRecorder(),
    caveats: new Map(),
    neighbours: new Map(),
    learned: new Map(),
    depth: 0,
    resolve: (ns, dev, address, skb) => {
      const found = resolve(world, ns, dev, address, skb);
      return found.kind === 'mac' ? found.mac : null;
    },
    tunnel: (ns, link, remote) => tunnel(world, ns, link, remote),
  };
  return world;
}

/** vxlan_xmit_one: UDP from the local end to the remote one, delivered there to the kernel's own socket. */
function tunnel(world: World, ns: Netns, link: Link, remote: string): Fate {
  if (world.depth > 12) throw new MissingFact({ host: ns.host, netns: ns.key, source: 'engine', reason: 'tunnels go in circles' });
  const family = remote.includes(':') ? 6 : 4;
  const outer = newSkb({
    family,
    protocol: 'udp',
    src: link.vxlan?.local ?? '',
    dst: remote,
    sport: 49152,
    dport: link.vxlan?.port ?? 4789,
    mark: 0,
    ttl: 64,
    dscp: 0,
    length: 110,
    tcpFlags: 0,
    icmp: null,
    error: null,
  });
  world.depth++;
  world.recorder.quiet++;
  try {
    return send(world, outerNetns(world, ns, link), outer);
  } finally {
    world.recorder.quiet--;
    world.depth--;
  }
}

/** The namespace of the outer socket: where the local tunnel address lives. */
function outerNetns(world: World, ns: Netns, link: Link): Netns {
  const local = link.vxlan?.local;
  if (!local || linksOf(ns).addresses.has(local)) return ns;
  const host = world.model.hosts.find((h) => h.name === ns.host);
  return (host?.ownNetns && world.model.namespaces.get(host.ownNetns)) || ns;
}
