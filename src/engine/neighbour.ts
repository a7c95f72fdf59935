/** Who has this address? arp.c and ndisc.c: the question, who hears it, who may answer, and whether the answer gets back. */
import type { Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { inPrefix, prefixLength } from '../util/ip.ts';
import { BROADCAST } from './frame.ts';
import { runArpHook, runHook } from './hooks.ts';
import { linksOf } from './index-netns.ts';
import { type Transmitted, transmit } from './link.ts';
import { evidenceOf } from './recorder.ts';
import { routeInput } from './route-input.ts';
import { routeOutput } from './route-output.ts';
import { ICMP6, newSkb } from './skb.ts';
import { selectAddress, selectAddress6 } from './source-address.ts';
import type { Skb, Why, World } from './types.ts';
import { externalPorts, isExternal } from './underlay.ts';
import { caveat, conf, need, sysctl } from './world.ts';

export type Resolution =
  | { readonly kind: 'mac'; readonly mac: string }
  /** Nobody answers; what swallowed the question or the answer, where that is known. */
  | { readonly kind: 'silence'; readonly inner: Why['inner'] | null; readonly text: string };

/** Used at once, and only asked for again afterwards (neigh_event_send; NUD_VALID). */
const REMEMBERED: ReadonlySet<string> = new Set(['REACHABLE', 'STALE', 'DELAY', 'PROBE']);

/** The MAC address for `address` on `dev`, as the kernel would find it out now. */
export function resolve(world: World, ns: Netns, dev: string, address: string, skb: Skb): Resolution {
  world.reads.sought.add(address);
  const fixed = need(ns.neighbours).find((n) => n.address === address && n.dev === dev && n.mac && n.state.some((s) => s === 'PERMANENT' || s === 'NOARP'));
  if (fixed?.mac) return { kind: 'mac', mac: fixed.mac };
  const learned = world.learned.get(`${ns.id} ${dev} ${address}`);
  if (learned !== undefined) return { kind: 'mac', mac: learned };
  const key = `${ns.id} ${dev} ${address} ${skb.packet.src}`;
  const known = world.neighbours.get(key) as Resolution | undefined;
  if (known) return known;
  if (world.depth > 12) return { kind: 'silence', inner: null, text: 'asking goes in circles' };
  world.depth++;
  world.recorder.quiet++;
  try {
    const answer = skb.packet.family === 4 ? arp(world, ns, dev, address, skb) : solicit(world, ns, dev, address, skb);
    world.neighbours.set(key, answer);
    return answer;
  } finally {
    world.recorder.quiet--;
    world.depth--;
  }
}

function senderFor(ns: Netns, dev: string, target: string, skb: Skb): string {
  const mine = linksOf(ns).addresses.has(skb.packet.src) ? skb.packet.src : null;
  const announce = conf(ns, dev, 'arp_announce');
  if (mine && announce === 0) return mine;
  if (mine && announce === 1) {
    const link = linksOf(ns).links.get(dev);
    if (link?.addresses.some((a) => a.family === 4 && inPrefix(`${a.address}/${a.prefix}`, mine) && inPrefix(`${a.address}/${a.prefix}`, target))) return mine;
  }
  return selectAddress(ns, dev, target, 'link') ?? '0.0.0.0';
}

function arp(world: World, ns: Netns, dev: string, target: string, skb: Skb): Resolution {
  const link = linksOf(ns).links.get(dev)!;
  const senderIp = senderFor(ns, dev, target, skb);
  const senderMac = link.mac ?? '';
  const request = { operation: 'request', senderIp, targetIp: target, senderMac, targetMac: null } as const;
  const refused = runArpHook(world, ns, 'output', request, { iif: null, oif: dev });
  if (refused) return { kind: 'silence', inner: { netns: ns, why: refused.why }, text: 'the question is dropped by a rule for ARP' };
  const sent = transmit(world, ns, dev, { src: senderMac, dst: BROADCAST, vlan: null, payload: { kind: 'arp', arp: request } });
  const macs: string[] = [];
  let inner: Why['inner'] | null = null;
  let text = `nobody on the link of ${dev} answers for ${target}`;
  for (const heard of sent.arrived) {
    const verdict = answersArp(world, heard.netns, heard.dev, request);
    if (verdict.kind === 'not-mine') continue;
    const who = linksOf(heard.netns).links.get(heard.dev)!;
    if (verdict.kind === 'refuses') {
      text = `${target} does not answer ARP: ${verdict.text}`;
      inner = {
        netns: heard.netns,
        why: {
          key: `${heard.netns.id}|arp|${heard.dev}`,
          disposition: 'neighbour-unreachable',
          text: verdict.text,
          dev: heard.dev,
          detail: verdict.detail,
          packet: skb.packet,
          evidence: [evidenceOf(world.model, heard.netns, who.source, verdict.text)],
        },
      };
      continue;
    }
    // neigh_event_ns: who answers a question also learns who asked
    world.learned.set(`${heard.netns.id} ${heard.dev} ${senderIp}`, senderMac);
    const reply = { operation: 'reply', senderIp: target, targetIp: senderIp, senderMac: who.mac ?? '', targetMac: senderMac } as const;
    const kept = runArpHook(world, heard.netns, 'output', reply, { iif: null, oif: heard.dev });
    const back = kept
      ? null
      : transmit(world, heard.netns, heard.dev, { src: who.mac ?? '', dst: senderMac, vlan: null, payload: { kind: 'arp', arp: reply } });
    const home = back?.arrived.some((a) => a.netns === ns && a.dev === dev) ?? false;
    const barred = home ? runArpHook(world, ns, 'input', reply, { iif: dev, oif: null }) : null;
    if (home && !barred) macs.push(who.mac ?? '');
    else {
      const dead = kept ?? barred ?? back?.lost[0]?.death;
      text = `the answer for ${target} does not get back`;
      if (dead) inner = { netns: dead.netns, why: dead.why };
    }
  }
  if (macs.length > 0) return { kind: 'mac', mac: firstOf(world, target, [...new Set(macs)]) };
  return unanswered(world, ns, dev, target, sent, inner, text);
}

/** No station of the model answers: one that nobody knows may, or the kernel still remembers one that is gone or refuses. */
function unanswered(world: World, ns: Netns, dev: string, target: string, sent: Transmitted, inner: Why['inner'] | null, text: string): Resolution {
  const isolated = childHas(world, ns, dev, target) || parentHas(world, ns, dev, target);
  if (!inner && !isolated && (sent.left.length > 0 || outsideMayHave(world, ns, dev))) return { kind: 'mac', mac: `outside ${target}` };
  world.reads.remembered = true;
  const remembered = need(ns.neighbours).find((n) => n.address === target && n.dev === dev && n.mac && n.state.some((s) => REMEMBERED.has(s)));
  if (remembered?.mac) {
    caveat(world, 'NEIGHBOUR_REMEMBERED', `${target} does not answer on ${dev}; its MAC address is still remembered for a while`);
    return { kind: 'mac', mac: remembered.mac };
  }
  if (inner || isolated) return { kind: 'silence', inner, text };
  const dead = sent.lost[0]?.death;
  return { kind: 'silence', inner: dead ? { netns: dead.netns, why: dead.why } : null, text };
}

/** A macvlan or ipvlan child of this very interface has it: it hears the LAN, not its parent (macvlan_queue_xmit). */
function childHas(world: World, ns: Netns, dev: string, target: string): boolean {
  for (const other of world.model.namespaces.values()) {
    const link = other.links.known ? other.links.value.find((l) => l.addresses.some((a) => a.address === target)) : undefined;
    if (link && (link.kind === 'macvlan' || link.kind === 'ipvlan') && link.peer?.netns === ns.id && link.peer.link === dev) return true;
  }
  return false;
}

/** The other way round: the address is that of the host whose interface the child stands on. */
function parentHas(world: World, ns: Netns, dev: string, target: string): boolean {
  const link = linksOf(ns).links.get(dev);
  const parent = link && (link.kind === 'macvlan' || link.kind === 'ipvlan') && link.peer ? world.model.namespaces.get(link.peer.netns) : undefined;
  return parent !== undefined && parent.id !== ns.id && parent.links.known && linksOf(parent).addresses.has(target);
}

/** On a link that leads out of the model somebody unknown may answer; only its own addresses are known not to be there. */
function outsideMayHave(world: World, ns: Netns, dev: string): boolean {
  const link = linksOf(ns).links.get(dev);
  if (!link) return false;
  if (isExternal(link)) return true;
  return link.kind === 'bridge' && externalPorts(world.model).some((p) => p.netns === ns && p.link.master === dev && p.link.up && p.link.running);
}

/** Two stations with one address: the first answer counts (arp.c keeps it for a while), from the newest port of a bridge. */
function firstOf(world: World, target: string, macs: readonly string[]): string {
  if (macs.length > 1) caveat(world, 'DUPLICATE_ADDRESS', `${macs.length} stations answer for ${target} (${macs.join(', ')}); the first was taken`);
  return macs[0]!;
}

type ArpVerdict = { readonly kind: 'answers' } | { readonly kind: 'not-mine' } | { readonly kind: 'refuses'; readonly text: string; readonly detail: string };

const answerables = new WeakMap<Netns, { readonly addresses: ReadonlySet<string> | null }>();

/** All that a namespace may answer for; null: that depends on its routes. On a large bridge a question comes to hundreds that have nothing to say. */
function answerable(ns: Netns): ReadonlySet<string> | null {
  let known = answerables.get(ns);
  if (!known) {
    known = { addresses: listAnswerable(ns) };
    answerables.set(ns, known);
  }
  return known.addresses;
}

function listAnswerable(ns: Netns): ReadonlySet<string> | null {
  const { routes, rules, sysctls, neighbours } = ns;
  if (!routes[4].known || !rules[4].known || !sysctls.known || !neighbours.known || neighbours.value.some((n) => n.proxy)) return null;
  for (const [key, value] of sysctls.value) if (key.endsWith('.proxy_arp') && value !== '0') return null;
  const addresses = new Set(linksOf(ns).addresses.keys());
  for (const { type, dst } of routes[4].value) {
    if ((type !== 'local' && type !== 'broadcast') || dst === '127.0.0.0/8') continue;
    if (prefixLength(dst) !== 32) return null;
    addresses.add(dst.split('/')[0]!);
  }
  return addresses;
}

/** arp_process: whether a request heard on `dev` is answered. */
function answersArp(
  world: World,
  ns: Netns,
  dev: string,
  request: { senderIp: string; targetIp: string; operation: 'request'; senderMac: string; targetMac: null },
): ArpVerdict {
  const { senderIp: sip, targetIp: tip } = request;
  const link = linksOf(ns).links.get(dev);
  if (!link || link.kind === 'loopback') return { kind: 'not-mine' };
  const dropped = runArpHook(world, ns, 'input', request, { iif: dev, oif: null });
  const mine = linksOf(ns).addresses.has(tip);
  if (dropped) return mine ? { kind: 'refuses', text: dropped.why.text, detail: 'arp-rule' } : { kind: 'not-mine' };
  if (!(answerable(ns)?.has(tip) ?? true) && !inPrefix('127.0.0.0/8', tip)) return { kind: 'not-mine' };
  if (inPrefix('127.0.0.0/8', tip) && conf(ns, dev, 'route_localnet') === 0) return { kind: 'not-mine' };
  const key = { family: 4 as const, src: sip, dst: tip, mark: 0, tos: 0, protocol: 0, sport: 0, dport: 0 };
  if (sip === '0.0.0.0') return mine && !ignoresArp(ns, dev, sip, tip) ? { kind: 'answers' } : { kind: 'not-mine' };
  const route = routeInput(world, ns, dev, key);
  if (route.kind === 'local') {
    const ignored = ignoresArp(ns, dev, sip, tip);
    if (ignored) return { kind: 'refuses', text: ignored, detail: 'arp-ignore' };
    if (conf(ns, dev, 'arp_filter') !== 0) {
      const back = routeOutput(world, ns, { ...key, src: tip, dst: sip, oif: null });
      if (back.kind !== 'out' || back.dev !== dev) return { kind: 'refuses', text: `arp_filter: the way to ${sip} is not by ${dev}`, detail: 'arp-filter' };
    }
    return { kind: 'answers' };
  }
  if (route.kind === 'forward') {
    const proxied = need(ns.neighbours).some((n) => n.proxy && n.address === tip && n.dev === dev);
    if (route.dev !== dev && (conf(ns, dev, 'proxy_arp') !== 0 || proxied)) return { kind: 'answers' };
    return { kind: 'not-mine' };
  }
  if (mine && (route.kind === 'rp-filter' || route.kind === 'martian'))
    return { kind: 'refuses', text: `a request from ${sip} is not accepted on ${dev}: ${route.text}`, detail: route.kind };
  return { kind: 'not-mine' };
}

/** arp_ignore: why the request is not answered, or null. */
function ignoresArp(ns: Netns, dev: string, sip: string, tip: string): string | null {
  const mode = conf(ns, dev, 'arp_ignore');
  const here = linksOf(ns)
    .links.get(dev)
    ?.addresses.find((a) => a.family === 4 && a.address === tip);
  if (mode === 1 && !here) return `arp_ignore is 1 and ${tip} is not an address of ${dev}`;
  if (mode === 2 && !(here && inPrefix(`${here.address}/${here.prefix}`, sip))) return `arp_ignore is 2 and ${sip} is not in the subnet of ${tip} on ${dev}`;
  if (
    mode === 3 &&
    linksOf(ns)
      .addresses.get(tip)
      ?.addresses.some((a) => a.address === tip && a.scope === 'host')
  )
    return `arp_ignore is 3 and ${tip} has scope host`;
  if (mode === 8) return 'arp_ignore is 8';
  return null;
}

/** Neighbour solicitation and its answer are IPv6 packets: the rules of ip6tables see them. */
function solicit(world: World, ns: Netns, dev: string, target: string, skb: Skb): Resolution {
  const link = linksOf(ns).links.get(dev)!;
  const src = link.addresses.some((a) => a.address === skb.packet.src)
    ? skb.packet.src
    : (link.addresses.find((a) => a.family === 6 && inPrefix('fe80::/10', a.address))?.address ?? selectAddress6(ns, dev, target) ?? '::');
  const packet = discovery(src, 'ff02::1:ff00:0', ICMP6.neighbourSolicitation);
  const question = newSkb(packet);
  const refused = runHook(world, ns, 'output', question, { iif: null, oif: dev }) ?? runHook(world, ns, 'postrouting', question, { iif: null, oif: dev });
  if (refused) return { kind: 'silence', inner: { netns: ns, why: refused.why }, text: 'the neighbour solicitation is dropped by a rule' };
  const sent = transmit(world, ns, dev, { src: link.mac ?? '', dst: BROADCAST, vlan: null, payload: { kind: 'ip', skb: question } });
  let inner: Why['inner'] | null = null;
  let text = `nobody on the link of ${dev} answers for ${target}`;
  for (const heard of sent.arrived) {
    const who = linksOf(heard.netns).links.get(heard.dev)!;
    const proxied =
      sysctl(heard.netns, `ipv6.conf.${heard.dev.replaceAll('.', '/')}.proxy_ndp`) !== 0 &&
      need(heard.netns.neighbours).some((n) => n.proxy && n.address === target && n.dev === heard.dev);
    if (!who.addresses.some((a) => a.address === target && a.usable) && !proxied) continue;
    const received = heard.frame.payload.kind === 'ip' ? heard.frame.payload.skb : null;
    if (!received) continue;
    const answer = newSkb(discovery(target, src, ICMP6.neighbourAdvertisement));
    const dead =
      (heard.prerouted ? null : runHook(world, heard.netns, 'prerouting', received, { iif: heard.dev, oif: null, pkttype: 'multicast' })) ??
      runHook(world, heard.netns, 'input', received, { iif: heard.dev, oif: null, pkttype: 'multicast' }) ??
      runHook(world, heard.netns, 'output', answer, { iif: null, oif: heard.dev }) ??
      runHook(world, heard.netns, 'postrouting', answer, { iif: null, oif: heard.dev });
    // RFC 4861 7.1: only from the link itself; a rule may have written another hop limit
    if (!dead && received.packet.ttl !== 255) {
      text = `${target} does not answer: the neighbour solicitation comes with hop limit ${received.packet.ttl}`;
      continue;
    }
    if (dead) {
      text = `${target} does not answer: neighbour discovery is dropped`;
      inner = { netns: dead.netns, why: dead.why };
      continue;
    }
    world.learned.set(`${heard.netns.id} ${heard.dev} ${src}`, link.mac ?? '');
    const back = transmit(world, heard.netns, heard.dev, { src: who.mac ?? '', dst: link.mac ?? '', vlan: null, payload: { kind: 'ip', skb: answer } });
    const home = back.arrived.find((a) => a.netns === ns && a.dev === dev);
    const last = home?.frame.payload.kind === 'ip' ? home.frame.payload.skb : null;
    const barred =
      last &&
      ((home!.prerouted ? null : runHook(world, ns, 'prerouting', last, { iif: dev, oif: null })) ??
        runHook(world, ns, 'input', last, { iif: dev, oif: null }));
    if (home && !barred && last?.packet.ttl === 255) return { kind: 'mac', mac: who.mac ?? '' };
    const lost = barred ?? back.lost[0]?.death;
    text = `the answer for ${target} does not get back`;
    if (lost) inner = { netns: lost.netns, why: lost.why };
  }
  return unanswered(world, ns, dev, target, sent, inner, text);
}

function discovery(src: string, dst: string, type: number): Packet {
  return {
    family: 6,
    protocol: 'icmp',
    src,
    dst,
    sport: 0,
    dport: 0,
    mark: 0,
    ttl: 255,
    dscp: 0,
    length: 72,
    tcpFlags: 0,
    icmp: { type, code: 0 },
    error: null,
  };
}
