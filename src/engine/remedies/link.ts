/** An interface that is switched off, or taken off its bridge. */
import type { Model } from '../../model/model.ts';
import type { Link, Netns, Route } from '../../model/network.ts';
import { fromBigInt, parsePrefix } from '../../util/ip.ts';
import { unplugged } from '../explain/plumbing.ts';
import type { Scene } from '../explain/scene.ts';
import { inside, newPort, type RemedyKind, withNetns } from './proposal.ts';

function withLinks(ns: Netns, change: (link: Link) => Link): Netns {
  return ns.links.known ? { ...ns, links: { known: true, value: ns.links.value.map(change) } } : ns;
}

/** The interface that the death names, else the one that has the address for which nobody answers. */
function downLink({ why, netns, model }: Scene): { ns: Netns; link: Link } | null {
  const place = why.inner ?? { netns, why };
  const named = place.netns.links.known ? place.netns.links.value.find((l) => l.name === place.why.dev && !l.up) : undefined;
  if (named) return { ns: place.netns, link: named };
  for (const ns of model.namespaces.values()) {
    if (ns.host !== netns.host || !ns.links.known) continue;
    const link = ns.links.value.find((l) => !l.up && l.addresses.some((a) => a.address === why.address));
    if (link) return { ns, link };
  }
  return null;
}

/** fib_add_ifaddr: with the interface come the routes to its own subnets. */
function connectedRoutes(ns: Netns, link: Link): Route[] {
  const there = ns.routes[4].known ? ns.routes[4].value : [];
  return link.addresses.flatMap((a) => {
    const prefix = a.family === 4 ? parsePrefix(`${a.address}/${a.prefix}`) : null;
    const dst = prefix && `${fromBigInt(prefix.from, 4)}/${a.prefix}`;
    if (!dst || there.some((r) => r.dst === dst && r.nexthops.some((h) => h.dev === link.name))) return [];
    const nexthops = [{ gateway: null, dev: link.name, weight: 1, onlink: false, dead: false, linkdown: false }];
    const fixed = { family: 4, table: 'main', type: 'unicast', tos: 0, metric: 0, scope: 'link', protocol: 'kernel' } as const;
    return [{ ...fixed, dst, prefsrc: a.address, nexthops, source: { source: 'remedy', locator: 'ip link set up' } }];
  });
}

function switchedOn(model: Model, ns: Netns, link: Link): Model {
  const on = (l: Link): Link =>
    l.name === link.name
      ? { ...l, up: true, running: true }
      : // br_stp_enable_bridge
        link.kind === 'bridge' && l.port?.bridge === link.name && l.up
        ? { ...l, port: { ...l.port, state: 'forwarding' } }
        : l;
  const routes = connectedRoutes(ns, link);
  const own = withNetns(model, ns.id, (old) => {
    const changed = withLinks(old, on);
    return changed.routes[4].known
      ? { ...changed, routes: { ...changed.routes, 4: { known: true, value: [...changed.routes[4].value, ...routes] } } }
      : changed;
  });
  const { peer } = link;
  const carrier = (l: Link): Link => {
    if (l.name !== peer?.link) return l;
    return { ...l, running: l.up, ...(l.port && l.up ? { port: { ...l.port, state: 'forwarding' } } : {}) };
  };
  return peer ? withNetns(own, peer.netns, (old) => withLinks(old, carrier)) : own;
}

export const linkUp: RemedyKind = {
  causes: ['LINK_DOWN'],
  propose: (scene) => {
    const down = downLink(scene);
    const argv = down && inside(scene, down.ns, ['ip', 'link', 'set', down.link.name, 'up']);
    if (!down || !argv) return [];
    return [
      {
        text: `switch ${down.link.name} on`,
        commands: [{ host: down.ns.host, argv }],
        apply: (model) => switchedOn(model, down.ns, down.link),
        concerns: (flow) => flow.from.host === down.ns.host,
      },
    ];
  },
};

export const plugIn: RemedyKind = {
  causes: ['BRIDGE_PORT_MISSING'],
  propose: (scene) => {
    const found = unplugged(scene);
    const argv = found && inside(scene, found.host, ['ip', 'link', 'set', found.link, 'master', found.bridge]);
    if (!found || !argv) return [];
    const { bridge } = found;
    return [
      {
        text: `plug ${found.link} into ${bridge}`,
        commands: [{ host: found.host.host, argv }],
        apply: (model) =>
          withNetns(model, found.host.id, (ns) => withLinks(ns, (l) => (l.name === found.link ? { ...l, master: bridge, port: newPort(bridge) } : l))),
        concerns: (flow) => flow.from.host === found.host.host,
      },
    ];
  },
};
