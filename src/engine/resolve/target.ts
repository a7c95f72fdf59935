/** TO: the addresses a packet is sent to. */
import type { CauseCode } from '../../model/answer.ts';
import type { Container } from '../../model/docker.ts';
import type { Host, Model } from '../../model/model.ts';
import type { IpVersion, Netns } from '../../model/network.ts';
import { canonical, familyOf, inPrefix } from '../../util/ip.ts';
import { addressOfContainer, netnsAddress, ownersOf, ownNetns } from './addresses.ts';
import { resolveName } from './dns.ts';
import { parseTarget } from './parse-target.ts';
import { containerOf, containerOrService, findContainer, findHost, findNetns, isRunning, netnsOf, type Placed, unknownEndpoint } from './places.ts';
import { labelOf } from './source.ts';
import type { Source, Target } from './types.ts';

function isLoopback(address: string): boolean {
  return inPrefix('127.0.0.0/8', address) || address === '::1';
}

function toAddress(model: Model, source: Source, reference: string): Target {
  const address = canonical(reference);
  const owners = ownersOf(model, address);
  const near = source.kind === 'outside' ? [] : owners.filter(({ host }) => host === source.host);
  const owner = near.length > 0 ? near : owners;
  const place =
    isLoopback(address) && source.kind === 'netns'
      ? { host: source.host, it: source.netns }
      : owner.length === 1 && !isLoopback(address)
        ? owner[0]
        : undefined;
  const container = place ? containerOf(place.host, place.it) : null;
  return {
    kind: 'addresses',
    addresses: [address],
    container,
    host: place?.host ?? null,
    netns: place?.it ?? null,
    label: place ? `${address} (${labelOf(place.host, place.it)})` : address,
    via: 'address',
    evidence: [],
    note: null,
  };
}

function toPlace(source: Source, host: Host, netns: Netns | null, via: 'host' | 'netns', label: string, family: IpVersion | undefined): Target {
  const found = netnsAddress(source, host, netns, family);
  const container = netns ? containerOf(host, netns) : null;
  if ('why' in found) return { kind: 'no-address', container, host, label, why: found.why };
  return { kind: 'addresses', addresses: [found.address], container, host, netns, label, via, evidence: [], note: null };
}

const NETWORKS_APART: ReadonlySet<CauseCode> = new Set(['NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE', 'NAME_NOT_ON_SHARED_NETWORK', 'HOST_NETWORK']);

/** Whether the name itself would have found the container; null: yes, or it is not a matter of networks. */
function nameNote(model: Model, source: Source, container: Container, family: IpVersion | undefined): CauseCode | null {
  if (source.kind !== 'netns' || source.container === null || source.container.id === container.id || source.netns.id === container.netns) return null;
  const byName = resolveName(model, source, container.name, family);
  if (byName.kind !== 'name-not-found') return null;
  return NETWORKS_APART.has(byName.cause) ? byName.cause : null;
}

function toContainer(model: Model, source: Source, placed: Placed<Container>, family: IpVersion | undefined): Target {
  const target = addressedContainer(model, source, placed, family);
  return target.kind === 'addresses' ? { ...target, note: nameNote(model, source, placed.it, family) } : target;
}

/** Without a look at whether its name would have found it. */
function addressedContainer(model: Model, source: Source, placed: Placed<Container>, family: IpVersion | undefined): Target {
  const { host, it } = placed;
  if (!isRunning(it)) return { kind: 'stopped', container: it, host, label: it.name };
  const found = addressOfContainer(model, source, placed, family);
  if ('why' in found) return { kind: 'no-address', container: it, host, label: it.name, why: found.why };
  return {
    kind: 'addresses',
    addresses: [found.address],
    container: it,
    host,
    netns: netnsOf(model, it),
    label: it.name,
    via: 'container',
    evidence: [],
    note: null,
  };
}

/** The target of a container or, where it is null, of the host itself: as resolveTarget for its name, without a note on names. */
export function resolvePlace(model: Model, source: Source, host: Host, container: Container | null): Target {
  return container
    ? addressedContainer(model, source, { host, it: container }, undefined)
    : toPlace(source, host, ownNetns(model, host), 'host', `host ${host.name}`, undefined);
}

/** One address for each replica that runs. */
function toService(model: Model, source: Source, replicas: readonly Placed<Container>[], label: string, family: IpVersion | undefined): Target {
  const targets = replicas.map((replica) => toContainer(model, source, replica, family));
  const [only, second] = targets;
  if (only && !second) return only.kind === 'addresses' ? { ...only, label: `${label} (${only.label})`, via: 'service', note: null } : only;
  const reached = targets.filter((t) => t.kind === 'addresses');
  if (reached.length === 0 && only) return only;
  const [first, another] = reached;
  return {
    kind: 'addresses',
    addresses: [...new Set(reached.flatMap((t) => t.addresses))],
    container: another ? null : (first?.container ?? null),
    host: another ? null : (first?.host ?? null),
    netns: another ? null : (first?.netns ?? null),
    label,
    via: 'service',
    evidence: [],
    note: null,
  };
}

/** A plain word that nothing here is called is more likely a slip than a name of somebody else's nameserver. */
function toName(model: Model, source: Source, name: string, family: IpVersion | undefined): Target {
  const target = resolveName(model, source, name, family);
  if (target.kind === 'unknown-name' && !name.includes('.')) throw unknownEndpoint(model, name);
  return target;
}

/** Throws UNKNOWN_ENDPOINT or AMBIGUOUS_ENDPOINT; what a DNS name means is never an error. `reference` is without its port. */
export function resolveTarget(model: Model, source: Source, reference: string, family?: IpVersion): Target {
  const trimmed = reference.trim();
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? parseTarget(trimmed).to : trimmed.replace(/^\[([^\]]*)\]$/, '$1');
  if (text === 'internet') return { kind: 'outside', label: 'internet', addresses: [] };
  if (familyOf(text) !== null) return toAddress(model, source, text);
  const [, scheme, name = ''] = /^(host|netns|container|dns):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'host': {
      const host = findHost(model, name);
      return toPlace(source, host, ownNetns(model, host), 'host', `host ${host.name}`, family);
    }
    case 'netns': {
      const netns = findNetns(model, name);
      if (!netns) throw unknownEndpoint(model, text);
      return toPlace(source, netns.host, netns.it, 'netns', labelOf(netns.host, netns.it), family);
    }
    case 'container': {
      const container = findContainer(model, name);
      if (!container) throw unknownEndpoint(model, text);
      return toContainer(model, source, container, family);
    }
    case 'dns':
      if (name === '') throw unknownEndpoint(model, text);
      return familyOf(name) === null ? resolveName(model, source, name, family) : toAddress(model, source, name);
    default: {
      const found = text === '' ? null : containerOrService(model, text);
      if (found && 'container' in found) return toContainer(model, source, found.container, family);
      if (found) return toService(model, source, found.service, text, family);
      if (text === '' || text.includes('/') || text.includes(':')) throw unknownEndpoint(model, text);
      return toName(model, source, text, family);
    }
  }
}
