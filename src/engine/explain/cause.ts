/** From the mechanism to the cause as a person would fix it. */
import type { Cause } from '../../model/answer.ts';
import type { Netns } from '../../model/network.ts';
import { inPrefix } from '../../util/ip.ts';
import { socketCause } from './listener.ts';
import { bridgePortMissing, policyRouted } from './plumbing.ts';
import { ruleCause } from './rule.ts';
import { cause, containersOf, hostOf, nameOf, networksOf, type Scene } from './scene.ts';

export function causeOf(scene: Scene): Cause {
  const { why, netns, model } = scene;
  const where = nameOf(model, netns);
  if (why.inner) {
    const inner = causeOf({ ...scene, why: why.inner.why, netns: why.inner.netns });
    if (why.disposition === 'interface-down')
      return cause('OVERLAY_UNDERLAY_BLOCKED', `the tunnel between the hosts does not get through (${inner.text})`, { ...inner.parameters });
    if (why.inner.why.disposition !== 'neighbour-unreachable') return { ...inner, text: `nobody answers for ${why.address ?? ''}: ${inner.text}` };
  }
  const beside = bridgePortMissing(scene) ?? policyRouted(scene);
  if (beside) return beside;
  switch (why.disposition) {
    case 'refused-no-listener':
      return socketCause(scene);
    case 'dropped-by-rule':
    case 'dropped-by-policy':
    case 'rejected-by-rule':
      return ruleCause(scene);
    case 'no-route':
      return noRoute(scene, where);
    case 'blackholed':
      return cause('ROUTE_BLOCKED', `${where} has a ${why.text}`, { address: why.address ?? '' });
    case 'interface-down':
      return cause('LINK_DOWN', `interface ${why.dev ?? ''} of ${where} does not carry packets: ${why.text}`, { interface: why.dev ?? '' });
    case 'neighbour-unreachable':
      return neighbour(scene, where);
    case 'reverse-path-filtered':
      return cause('REVERSE_PATH_FILTER', `${where} drops it on ${why.dev ?? ''}: ${why.text}`, { interface: why.dev ?? '' });
    case 'martian':
      return cause('MARTIAN', `${where} refuses it on ${why.dev ?? ''}: ${why.text}`, { interface: why.dev ?? '' });
    case 'forwarding-disabled':
      return cause('IP_FORWARD_DISABLED', `${where} does not forward packets: ${why.detail ?? 'net.ipv4.ip_forward'} is 0`, { sysctl: why.detail ?? '' });
    case 'ttl-loop':
      return cause('TTL_EXCEEDED', `its time to live is used up at ${where}`, {});
    case 'packet-too-big':
      return cause('MTU_BLACK_HOLE', `${why.text} at ${where}`, { interface: why.dev ?? '' });
    case 'reply-lost':
      return strayReply(scene, where);
    case 'no-source':
      return cause('SOURCE_ADDRESS', `${where} has no address to speak with: ${why.text}`, { interface: why.dev ?? '' });
    case 'dropped-by-kernel':
      return kernelDrop(scene, where);
    default:
      return cause('KERNEL_DROP', `${why.text} at ${where}`, {});
  }
}

/** Routes go with their interface: one that is down took along the way to its own subnet, or the only way out. */
function downLink(netns: Netns, address: string): string | null {
  const links = netns.links.known ? netns.links.value.filter((l) => l.kind !== 'loopback') : [];
  const down = links.filter((l) => !l.up && l.addresses.some((a) => a.scope !== 'link'));
  const own = down.find((l) => l.addresses.some((a) => inPrefix(`${a.address}/${a.prefix}`, address)));
  return (own ?? (links.some((l) => l.up) ? undefined : down[0]))?.name ?? null;
}

function noRoute(scene: Scene, where: string) {
  const { why, netns, direction, source } = scene;
  const address = why.address ?? '';
  if (direction === 'reply') return cause('RETURN_ROUTE_MISSING', `${where} has no way back to ${address}: ${why.text}`, { address });
  if (!why.text.startsWith('no route')) return cause('ROUTE_BLOCKED', `${where} has a ${why.text}`, { address });
  const down = downLink(netns, address);
  if (down !== null) return cause('LINK_DOWN', `interface ${down} of ${where} is down, and its routes with it`, { interface: down });
  if (source.kind === 'netns' && source.netns === netns && source.container) {
    const c = source.container;
    const host = hostOf(scene.model, netns);
    const owner = c.sharesNetworkOf === null ? undefined : containersOf(host).find((o) => o.id === c.sharesNetworkOf);
    if (c.sharesNetworkOf !== null && owner?.netns !== c.netns)
      return cause(
        'SHARED_NAMESPACE_OWNER_STOPPED',
        `${c.name} was started in the network of ${owner?.name ?? 'a container that is gone'}, which has left it: nothing is plugged into it any more`,
        { container: c.name, owner: owner?.name ?? c.sharesNetworkOf },
      );
    if (c.networkMode === 'none' || (c.endpoints.length > 0 && c.endpoints.every((e) => e.networkName === 'none')))
      return cause('NO_NETWORK', `${c.name} runs with network mode none: it has only loopback`, { container: c.name });
    if (c.networkMode !== 'host' && c.endpoints.length === 0) return cause('NO_NETWORK', `${c.name} is on no network`, { container: c.name });
    const networks = (host?.networks.known ? host.networks.value : []).filter((n) => c.endpoints.some((e) => e.networkId === n.id));
    if (networks.length > 0 && networks.every((n) => n.internal))
      return cause('INTERNAL_NETWORK', `${c.name} is only on internal networks (${networks.map((n) => n.name).join(', ')}), which have no way out`, {
        container: c.name,
        network: networks[0]!.name,
      });
  }
  return cause('NO_ROUTE', `${where} has no route to ${address}`, { address });
}

function neighbour(scene: Scene, where: string) {
  const { why, model, address } = scene;
  if (why.inner?.why.detail === 'rp-filter')
    return cause('REVERSE_PATH_FILTER', `${nameOf(model, why.inner.netns)} does not answer ARP for ${why.address ?? ''}: ${why.inner.why.text}`, {
      interface: why.inner.why.dev ?? '',
    });
  const nexthop = why.address ?? '';
  const translated = why.packet.dst !== address && scene.direction === 'request' && nexthop === why.packet.dst;
  if (translated) return cause('STALE_DNAT', `a translation sends ${address} to ${nexthop}, where nobody is`, { address, target: nexthop });
  const own = scene.netns.links.known ? scene.netns.links.value.find((l) => l.name === why.dev) : undefined;
  const parent = own && (own.kind === 'macvlan' || own.kind === 'ipvlan') && own.peer ? model.namespaces.get(own.peer.netns) : undefined;
  if (own && parent?.links.known && parent.links.value.some((l) => l.addresses.some((a) => a.address === nexthop)))
    return cause(
      'MACVLAN_HOST_ISOLATION',
      `${nexthop} is an address of ${nameOf(model, parent)}, whose ${own.peer?.link} carries the ${own.kind} interface of ${where}: the two do not reach each other`,
      { interface: own.peer?.link ?? '', address: nexthop },
    );
  const near = (ns: Netns) => (ns.host === scene.netns.host ? 0 : 1);
  for (const ns of [...model.namespaces.values()].sort((a, b) => near(a) - near(b))) {
    const link = ns.links.known ? ns.links.value.find((l) => l.addresses.some((a) => a.address === nexthop)) : undefined;
    if (!link) continue;
    const parent = link.peer;
    if ((link.kind === 'macvlan' || link.kind === 'ipvlan') && parent?.netns === scene.netns.id && parent.link === why.dev) {
      return cause(
        'MACVLAN_HOST_ISOLATION',
        `${nexthop} is a ${link.kind} interface on ${where}'s ${why.dev}, and a host does not reach the ${link.kind} children of its own interface`,
        { interface: why.dev ?? '', address: nexthop },
      );
    }
    const meantHere = scene.target.kind === 'addresses' && scene.target.netns?.host === scene.netns.host;
    if (ns !== scene.netns && nexthop === address && ns.host !== scene.netns.host && !meantHere) {
      return cause('SUBNET_OVERLAP', `${nexthop} lives on ${nameOf(model, ns)}, but ${where} looks for it on its own ${why.dev}, whose subnet overlaps`, {
        interface: why.dev ?? '',
        address: nexthop,
      });
    }
    if (!link.up || !link.running)
      return cause('LINK_DOWN', `interface ${link.name} of ${nameOf(model, ns)} is ${link.up ? 'without carrier' : 'down'}`, { interface: link.name });
  }
  const told = withoutGateway(scene, nexthop) ?? why.text;
  return cause('NEIGHBOUR_UNRESOLVED', `nobody answers for ${nexthop} on ${why.dev ?? ''} of ${where}: ${told}`, {
    address: nexthop,
    interface: why.dev ?? '',
  });
}

/** What a network of Docker says of an address that nobody has. */
function withoutGateway(scene: Scene, address: string): string | null {
  const host = hostOf(scene.model, scene.netns);
  const network = networksOf(host).find((n) => n.ipam.some((p) => inPrefix(p.subnet, address)));
  if (!network) return null;
  if (network.ipam.some((p) => p.gateway === address)) return `it is the gateway of network ${network.name}, but ${network.bridge ?? 'its bridge'} has lost it`;
  return `it is in network ${network.name}, where no running container has it`;
}

function strayReply(scene: Scene, where: string) {
  const { why } = scene;
  if (why.detail === 'paused') return cause('CONTAINER_PAUSED', `${why.text}; the kernel accepts for it`, { container: where });
  if (why.detail === 'other-address')
    return cause(
      'REPLY_FROM_OTHER_ADDRESS',
      `docker-proxy answers UDP from the address that the route to the asker chooses, not from the one that was asked: ${why.text}`,
      { address: why.packet.src },
    );
  if (why.detail === 'not-masqueraded') return cause('RETURN_ROUTE_MISSING', why.text, { address: why.address ?? '' });
  const hairpin = scene.source.kind === 'netns' && scene.source.netns.kind === 'container' && scene.source.host.name === scene.netns.host;
  return cause(hairpin ? 'HAIRPIN_NOT_TRANSLATED' : 'REPLY_NOT_TRANSLATED', `${why.text} (${where})`, {});
}

function kernelDrop(scene: Scene, where: string) {
  const { why } = scene;
  if (why.detail === 'accept-queue')
    return cause('ACCEPT_QUEUE_FULL', `the program in ${where} accepts no connections: ${why.text}`, { port: String(why.packet.dport), place: where });
  if (why.detail === 'hairpin') return cause('HAIRPIN_NOT_TRANSLATED', `on ${where} ${why.text}`, { port: why.dev ?? '' });
  if (why.detail === 'ipv6-disabled') return cause('IPV6_NOT_ENABLED', `${where}: ${why.text}`, {});
  if (why.detail === 'port-down' || why.detail === 'bridge-down' || why.detail === 'port-state')
    return cause('LINK_DOWN', `on ${where} ${why.dev ?? ''}: ${why.text}`, { interface: why.dev ?? '' });
  return cause('KERNEL_DROP', `${where} drops it at ${why.dev ?? ''}: ${why.text}`, { interface: why.dev ?? '' });
}
