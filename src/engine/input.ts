/** A packet that came in: PREROUTING, route, then INPUT or FORWARD and POSTROUTING (ip_input.c, ip_forward.c and their IPv6 kin). */
import type { Netns } from '../model/network.ts';
import { inPrefix } from '../util/ip.ts';
import { death } from './death.ts';
import { BROADCAST } from './frame.ts';
import { runHook } from './hooks.ts';
import { errorFor } from './icmp.ts';
import { linksOf } from './index-netns.ts';
import type { Xmit } from './output.ts';
import { enterHop, evidenceOf, leaveBy, step } from './recorder.ts';
import { type InputRoute, routeInput } from './route-input.ts';
import { ICMP, ICMP6, l4proto } from './skb.ts';
import type { Death, Fate, Skb, Why, World } from './types.ts';
import { sysctlName } from './world.ts';

export interface Arrival {
  readonly netns: Netns;
  readonly dev: string;
  readonly skb: Skb;
  /** br_netfilter has run PREROUTING (ip_sabotage_in skips the second time). */
  readonly prerouted: boolean;
}

export function input(world: World, { netns: ns, dev, skb, prerouted }: Arrival): Xmit | Fate {
  enterHop(world.recorder, ns, dev);
  const ipless = ipDisabled(world, ns, dev, skb);
  if (ipless) return ipless;
  // Packets over lo keep the route they were sent with; only a new destination asks again.
  if (!prerouted) {
    const dead = runHook(world, ns, 'prerouting', skb, { iif: dev, oif: null });
    if (dead) return dead;
  }
  const { packet } = skb;
  const key = {
    family: packet.family,
    src: packet.src,
    dst: packet.dst,
    mark: packet.mark,
    tos: packet.dscp << 2,
    protocol: l4proto(packet),
    sport: packet.sport,
    dport: packet.dport,
  };
  const route: InputRoute = dev === 'lo' ? { kind: 'local', lookup: null } : routeInput(world, ns, dev, key);
  if (route.kind === 'local') {
    if (skb.etherDst === BROADCAST && packet.protocol === 'tcp') return sentToAll(world, ns, dev, skb, 'TCP does not take a frame sent to all (tcp_v4_rcv)');
    const dead = runHook(world, ns, 'input', skb, { iif: dev, oif: null });
    return dead ?? { kind: 'delivered', netns: ns, dev, skb };
  }
  if (route.kind === 'forward') {
    if (skb.etherDst === BROADCAST) return sentToAll(world, ns, dev, skb, 'a frame sent to all is not forwarded (ip_forward, ip6_forward)');
    return forward(world, ns, dev, skb, route);
  }
  return refused(world, ns, dev, skb, route);
}

/** Of what is not PACKET_HOST. */
function sentToAll(world: World, ns: Netns, dev: string, skb: Skb, text: string): Death {
  return death(ns, why(world, ns, skb, { key: `${ns.id}|broadcast`, disposition: 'dropped-by-kernel', text, dev, detail: 'broadcast' }, 'ip.route', text));
}

function ipDisabled(world: World, ns: Netns, dev: string, skb: Skb): Death | null {
  if (skb.packet.family !== 6 || !ns.sysctls.known) return null;
  if (ns.sysctls.value.get(`ipv6.conf.${sysctlName(dev)}.disable_ipv6`) !== '1') return null;
  const text = `net.ipv6.conf.${dev}.disable_ipv6 is 1`;
  return death(
    ns,
    why(world, ns, skb, { key: `${ns.id}|disable_ipv6|${dev}`, disposition: 'dropped-by-kernel', text, dev, detail: 'ipv6-disabled' }, 'sysctl', text),
  );
}

function why(
  world: World,
  ns: Netns,
  skb: Skb,
  part: Pick<Why, 'key' | 'disposition' | 'text' | 'dev' | 'address' | 'detail'>,
  source: string,
  excerpt: string,
): Why {
  const evidence = [evidenceOf(world.model, ns, { source, locator: excerpt.split(' ')[0] ?? '' }, excerpt)];
  step(world.recorder, ns, 'route', part.text, evidence);
  return { ...part, packet: skb.packet, evidence };
}

/** ip_error and ip6_pkt_discard: what a router says of a packet it cannot route. */
function complaint(ns: Netns, dev: string, skb: Skb, errno: string): Skb | null {
  if (skb.packet.family === 6) {
    if (errno === 'EINVAL') return null; // blackhole: dst_discard
    const code = { EACCES: 1, EHOSTUNREACH: 0 }[errno] ?? 0;
    return errorFor(ns, skb, ICMP6.unreachable, code, dev);
  }
  const code = { ENETUNREACH: 0, EHOSTUNREACH: 1, EACCES: 13 }[errno];
  return code === undefined ? null : errorFor(ns, skb, ICMP.unreachable, code, dev);
}

function refused(world: World, ns: Netns, dev: string, skb: Skb, route: Exclude<InputRoute, { kind: 'local' | 'forward' }>): Death {
  const { packet } = skb;
  switch (route.kind) {
    case 'martian':
      return death(
        ns,
        why(
          world,
          ns,
          skb,
          {
            key: `${ns.id}|martian|${dev}`,
            disposition: 'martian',
            text: `martian ${route.what}: ${route.text}`,
            dev,
            address: route.what === 'source' ? packet.src : packet.dst,
          },
          'sysctl',
          `net.ipv4.conf.${dev}.route_localnet, accept_local`,
        ),
      );
    case 'rp-filter':
      return death(
        ns,
        why(
          world,
          ns,
          skb,
          {
            key: `${ns.id}|rp_filter|${dev}`,
            disposition: 'reverse-path-filtered',
            text: `reverse-path filter (${route.mode}) on ${dev}: ${route.text}`,
            dev,
            address: packet.src,
          },
          'sysctl',
          `net.ipv4.conf.${dev}.rp_filter = ${route.mode}`,
        ),
      );
    case 'not-forwarding':
      return death(
        ns,
        why(
          world,
          ns,
          skb,
          { key: `${ns.id}|forwarding|${dev}`, disposition: 'forwarding-disabled', text: `forwarding is off (${route.key} = 0)`, dev, detail: route.key },
          'sysctl',
          `${route.key} = 0`,
        ),
      );
    case 'error': {
      const how = route.route
        ? `${route.route.type} route ${route.route.dst}`
        : route.rule
          ? `policy rule ${route.rule.priority} (${route.rule.action})`
          : `no route to ${packet.dst}`;
      const disposition = route.errno === 'EINVAL' ? 'blackholed' : 'no-route';
      const w = why(
        world,
        ns,
        skb,
        {
          key: `${ns.id}|route|${route.route?.dst ?? route.rule?.priority ?? packet.dst}`,
          disposition,
          text: how,
          dev,
          address: packet.dst,
          detail: route.errno,
        },
        route.route?.source.source ?? 'ip.route',
        how,
      );
      return death(ns, w, { error: complaint(ns, dev, skb, route.errno) });
    }
  }
}

function forward(world: World, ns: Netns, dev: string, skb: Skb, route: Extract<InputRoute, { kind: 'forward' }>): Xmit | Death {
  const { route: r, nexthop } = route.lookup;
  const text = `${r.dst}${nexthop.gateway ? ` via ${nexthop.gateway}` : ''} dev ${route.dev}`;
  step(world.recorder, ns, 'route', `forwarded by ${text}`, [evidenceOf(world.model, ns, r.source, text)]);
  const v4 = skb.packet.family === 4;
  if (skb.packet.ttl <= 1) {
    const w = why(world, ns, skb, { key: `${ns.id}|ttl`, disposition: 'ttl-loop', text: 'time to live is used up', dev }, 'ip.addr', `ttl ${skb.packet.ttl}`);
    return death(ns, w, { error: errorFor(ns, skb, v4 ? ICMP.timeExceeded : ICMP6.timeExceeded, 0, dev) });
  }
  const out = linksOf(ns).links.get(route.dev);
  if (out && skb.packet.length > out.mtu && !skb.packet.error) {
    const w = why(
      world,
      ns,
      skb,
      {
        key: `${ns.id}|mtu|${route.dev}`,
        disposition: 'packet-too-big',
        text: `packet of ${skb.packet.length} octets does not fit ${route.dev} (mtu ${out.mtu})`,
        dev: route.dev,
      },
      'ip.addr',
      `mtu ${out.mtu}`,
    );
    return death(ns, w, { error: errorFor(ns, skb, v4 ? ICMP.unreachable : ICMP6.tooBig, v4 ? 4 : 0, dev) });
  }
  if (!v4 && inPrefix('fe80::/10', skb.packet.src)) {
    const w = why(
      world,
      ns,
      skb,
      { key: `${ns.id}|linklocal`, disposition: 'no-route', text: 'a link-local source is not forwarded', dev },
      'ip.addr',
      skb.packet.src,
    );
    return death(ns, w, { error: errorFor(ns, skb, ICMP6.unreachable, 2, dev) });
  }
  skb.packet = { ...skb.packet, ttl: skb.packet.ttl - 1 };
  const dead = runHook(world, ns, 'forward', skb, { iif: dev, oif: route.dev });
  if (dead) return dead;
  leaveBy(world.recorder, ns, route.dev);
  const nh = route.gateway ?? skb.packet.dst;
  const late = runHook(world, ns, 'postrouting', skb, { iif: dev, oif: route.dev, nexthop: nh });
  return late ?? { kind: 'xmit', netns: ns, dev: route.dev, nexthop: nh, skb, broadcast: false, iif: dev };
}
