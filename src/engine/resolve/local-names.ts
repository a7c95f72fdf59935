/** Names that a place resolves without asking anybody: hosts(5), and what Docker writes into it. */
import type { Container } from '../../model/docker.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Host, Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import { canonical, familyOf } from '../../util/ip.ts';
import { ownNetns } from './addresses.ts';
import { allContainers, isRunning, networkIdentity } from './places.ts';

export interface LocalName {
  readonly addresses: readonly string[];
  readonly via: 'hosts-file' | 'extra-host';
  readonly evidence: readonly Evidence[];
}

function evidence(host: Host, netns: Netns, collector: string, locator: string, excerpt: string): Evidence {
  return { host: host.name, netns: netns.key, collector, locator, excerpt, collectedAt: host.collectedAt };
}

function fromHostsFile(host: Host, netns: Netns, name: string): LocalName | null {
  if (!netns.hostsFile.known) return null;
  const lines = netns.hostsFile.value.filter((entry) => entry.names.some((n) => n.toLowerCase() === name));
  if (lines.length === 0) return null;
  return {
    addresses: lines.map((entry) => entry.address),
    via: 'hosts-file',
    evidence: lines.map((entry) => evidence(host, netns, 'hosts', '/etc/hosts', `${entry.address} ${entry.names.join(' ')}`)),
  };
}

/** dockerd --host-gateway-ip: by default the address of the default bridge (daemon/config). */
function hostGateway(model: Model, host: Host): string | null {
  const bridge = host.networks.known ? host.networks.value.find((n) => n.bridge === 'docker0') : undefined;
  const gateway = bridge?.ipam.find((pool) => pool.gateway !== null)?.gateway;
  if (gateway) return gateway;
  const own = ownNetns(model, host);
  const docker0 = own?.links.known ? own.links.value.find((link) => link.name === 'docker0') : undefined;
  return docker0?.addresses.find((a) => a.family === 4)?.address ?? null;
}

/** `name:address`, `name=address` or `name:host-gateway` of docker run --add-host. */
function fromExtraHosts(model: Model, host: Host, netns: Netns, container: Container, name: string): LocalName | null {
  for (const [i, entry] of container.extraHosts.entries()) {
    const match = /^([^:=]+)[:=](.+)$/s.exec(entry);
    if (match?.[1]?.toLowerCase() !== name || !match[2]) continue;
    const value = match[2].replace(/^\[|\]$/g, '');
    const address = value === 'host-gateway' ? hostGateway(model, host) : value;
    if (address === null || familyOf(address) === null) continue;
    const at = `${container.source.locator}/HostConfig/ExtraHosts/${i}`;
    return { addresses: [canonical(address)], via: 'extra-host', evidence: [evidence(host, netns, container.source.source, at, entry)] };
  }
  return null;
}

/** docker run --link on the default bridge: the engine writes alias, name and hostname of the other into /etc/hosts. */
function fromLinks(model: Model, host: Host, netns: Netns, container: Container, name: string): LocalName | null {
  for (const link of container.endpoints.find((e) => e.networkName === 'bridge')?.links ?? []) {
    const [target, alias] = link.split(':');
    const other = allContainers(model).find((c) => c.host === host && (c.it.name === target || c.it.id === target));
    const address = other && isRunning(other.it) ? other.it.endpoints.find((e) => e.networkName === 'bridge')?.ipv4 : null;
    if (!other || !address || ![alias, target, other.it.hostname].some((n) => n?.toLowerCase() === name)) continue;
    const at = `${container.source.locator}/HostConfig/Links`;
    return { addresses: [address], via: 'hosts-file', evidence: [evidence(host, netns, container.source.source, at, link)] };
  }
  return null;
}

/** `name` in lower case. */
export function resolveLocally(model: Model, host: Host, netns: Netns, container: Container | null, name: string): LocalName | null {
  const written = fromHostsFile(host, netns, name);
  if (written) {
    const extra = container ? fromExtraHosts(model, host, netns, networkIdentity(model, container), name) : null;
    return extra ? { ...written, via: 'extra-host', evidence: [...written.evidence, ...extra.evidence] } : written;
  }
  // a hosts file that was read and lacks the name is what the resolver sees, whatever was asked of the engine
  if (!netns.hostsFile.known || netns.hostsFile.value.length === 0) {
    const asked = container && (fromExtraHosts(model, host, netns, container, name) ?? fromLinks(model, host, netns, container, name));
    if (asked) return asked;
  }
  // RFC 6761 6.3; nss-myhostname(8)
  if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1', '::1'], via: 'hosts-file', evidence: [] };
  return null;
}
