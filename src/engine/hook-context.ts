/** What a rule can see of a packet at a hook. */
import type { ArpView, EvalContext, Unknown } from '../firewall/context.ts';
import { type Hook, RTN } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';
import { inPrefix } from '../util/ip.ts';
import { viewOf } from './conntrack.ts';
import { type Arp, BROADCAST, type Frame } from './frame.ts';
import { linksOf } from './index-netns.ts';
import { lookup } from './lookup.ts';
import type { Skb, World } from './types.ts';

export interface HookDevices {
  readonly iif: string | null;
  readonly oif: string | null;
  readonly physOut?: string | null;
  readonly bridged?: boolean;
  /** Next hop, for the address a masquerade takes. */
  readonly nexthop?: string | null;
  readonly pkttype?: EvalContext['pkttype'];
  /** The frame, for chains that see frames. */
  readonly frame?: Frame;
}

function arpView(arp: Arp): ArpView {
  return {
    operation: arp.operation === 'request' ? 1 : 2,
    senderIp: arp.senderIp,
    targetIp: arp.targetIp,
    senderMac: arp.senderMac,
    targetMac: arp.targetMac ?? '00:00:00:00:00:00',
  };
}

export function contextOf(world: World, ns: Netns, hook: Hook, skb: Skb, dev: HookDevices): EvalContext {
  return {
    netns: ns,
    family: skb.packet.family,
    hook,
    iif: dev.iif,
    oif: dev.oif,
    physIn: skb.physIn,
    physOut: dev.physOut ?? null,
    bridged: dev.bridged ?? false,
    etherSrc: dev.frame?.src ?? skb.etherSrc,
    etherDst: dev.frame ? (dev.frame.dst === BROADCAST ? 'ff:ff:ff:ff:ff:ff' : dev.frame.dst) : skb.etherDst,
    pkttype: dev.pkttype ?? (inPrefix('224.0.0.0/4', skb.packet.dst) || inPrefix('ff00::/8', skb.packet.dst) ? 'multicast' : 'unicast'),
    conntrack: viewOf(skb),
    owner: skb.owner,
    packet: skb.packet,
    ctMark: skb.ct?.entry?.mark ?? 0,
    notrack: skb.notrack,
    fib: (of, result, flags) => fib(world, ns, hook, skb, dev, of, result, flags),
    ...(dev.frame?.payload.kind === 'arp' ? { arp: arpView(dev.frame.payload.arp) } : {}),
    link: (name) => {
      const link = linksOf(ns).links.get(name);
      return link ? { group: link.group, kind: link.kind, ifindex: link.ifindex, master: link.master } : null;
    },
    choose: world.choose,
  };
}

/** nft_fib and x_tables addrtype: what the routing table says of one of the packet's addresses. */
function fib(
  world: World,
  ns: Netns,
  hook: Hook,
  skb: Skb,
  dev: HookDevices,
  of: 'saddr' | 'daddr',
  result: 'type' | 'oifname',
  flags: readonly string[],
): bigint | string | Unknown {
  const { packet } = skb;
  const address = of === 'saddr' ? packet.src : packet.dst;
  const restrict = flags.includes('iif') ? dev.iif : flags.includes('oif') ? dev.oif : null;
  if (result === 'type') return addressType(world, ns, address, packet.family, restrict);
  if (dev.iif === 'lo') {
    const skipped = skipsLoopback(world, ns, hook);
    if (typeof skipped === 'object') return skipped;
    if (skipped) return dev.iif;
  }
  // nft_fib4_eval, nft_fib6_eval, rpfilter_lookup_reverse: neither ports nor a device restrict the look-up; the route found must use the device.
  const found = lookup(world, ns, {
    family: packet.family,
    src: of === 'saddr' ? packet.dst : packet.src,
    dst: address,
    iif: 'lo',
    oif: null,
    mark: flags.includes('mark') ? packet.mark : 0,
    tos: 0,
    protocol: 0,
    sport: 0,
    dport: 0,
  });
  if (found.kind === 'error' || found.route.type === 'local') return '';
  const devices = packet.family === 4 ? found.route.nexthops : [found.nexthop];
  if (restrict !== null) return devices.some((nexthop) => nexthop.dev === restrict) ? restrict : '';
  return found.nexthop.dev ?? '';
}

/** nft_fib_can_skip: packets of lo are taken to be right. Before Linux 6.15 in prerouting alone, but stable kernels may have it too. */
function skipsLoopback(world: World, ns: Netns, hook: Hook): boolean | Unknown {
  if (hook === 'prerouting' || hook === 'ingress') return true;
  if (hook !== 'input') return false;
  const release = world.model.hosts.find(({ name }) => name === ns.host)?.kernel ?? '';
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  if (major > 6 || (major === 6 && minor >= 15)) return true;
  return { key: `fib lo ${ns.id}`, why: 'missing', text: `whether fib looks up packets of lo in Linux ${release || 'of unknown version'}` };
}

/** inet_addr_type and its IPv6 kin: the local table's word, or the route's type; `restrict` to one device. */
function addressType(world: World, ns: Netns, address: string, family: 4 | 6, restrict: string | null): bigint {
  if (inPrefix('224.0.0.0/4', address) || inPrefix('ff00::/8', address)) return RTN.multicast;
  if (address === '255.255.255.255' || address === '0.0.0.0') return RTN.broadcast;
  const found = lookup(world, ns, { family, src: null, dst: address, iif: 'lo', oif: null, mark: 0, tos: 0, protocol: 0, sport: 0, dport: 0 });
  if (found.kind === 'error') return found.route ? (RTN[found.route.type as keyof typeof RTN] ?? RTN.unicast) : family === 4 ? RTN.unicast : RTN.unreachable;
  const type = found.route.type as keyof typeof RTN;
  if (restrict && found.nexthop.dev !== restrict && (type === 'local' || type === 'broadcast')) return RTN.unicast;
  return RTN[type] ?? RTN.unicast;
}
