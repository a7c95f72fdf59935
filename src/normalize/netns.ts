/** Everything one namespace says. */
import type { DockerProxy } from '../model/docker.ts';
import type { Netns } from '../model/network.ts';
import { parseBridgePorts, parseFdb, parseVlans } from './bridge.ts';
import type { Reader } from './fact.ts';
import { readFirewall } from './firewall.ts';
import { parseLinks } from './links.ts';
import { parseHosts, parseResolver } from './names.ts';
import { parseNeighbours } from './neighbours.ts';
import type { Place } from './places.ts';
import { parseRoutes } from './routes.ts';
import { parsePolicyRules } from './rules.ts';
import { parseListeners, type SocketOwners } from './sockets.ts';
import { parseSysctls } from './sysctl.ts';

export interface Sockets {
  readonly owners: SocketOwners;
  readonly proxies: readonly DockerProxy[];
}

export function readNetns(place: Place, reader: Reader, sockets: Sockets): Netns {
  const { read } = reader;
  const ports = read('bridge.link', parseBridgePorts, new Map());
  const onlyContainer = place.kind === 'container' && place.containerIds.length === 1 ? (place.containerIds[0] ?? null) : null;
  return {
    ...place,
    links: read('ip.addr', (data) => parseLinks(data, ports.known ? ports.value : new Map())),
    routes: {
      4: read('ip.route', (data) => parseRoutes(data, 4, 'ip.route')),
      6: read('ip.route6', (data) => parseRoutes(data, 6, 'ip.route6'), []),
    },
    rules: {
      4: read('ip.rule', (data) => parsePolicyRules(data, 4, 'ip.rule')),
      6: read('ip.rule6', (data) => parsePolicyRules(data, 6, 'ip.rule6'), []),
    },
    neighbours: read('ip.neigh', parseNeighbours),
    fdb: read('bridge.fdb', parseFdb, []),
    vlans: read('bridge.vlan', parseVlans, []),
    sysctls: read('sysctl', parseSysctls),
    // docker-proxy runs in the engine's namespace
    listeners: read('ss', (data) => parseListeners(data, { ...sockets, proxies: place.kind === 'host' ? sockets.proxies : [], onlyContainer })),
    firewall: readFirewall(reader),
    resolver: read('resolv.conf', parseResolver, { nameservers: [], search: [], ndots: 1 }),
    hostsFile: read('hosts', parseHosts, []),
  };
}
