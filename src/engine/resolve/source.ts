/** FROM: the namespace a packet starts in. */

import type { Container } from '../../model/docker.ts';
import { UserError } from '../../model/errors.ts';
import type { Host, Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import { canonical, familyOf } from '../../util/ip.ts';
import { ownersOf, ownNetns } from './addresses.ts';
import { ambiguous, containerOf, containerOrService, findContainer, findHost, findNetns, isRunning, netnsOf, type Placed, unknownEndpoint } from './places.ts';
import type { Source } from './types.ts';

export function labelOf(host: Host, netns: Netns): string {
  const container = containerOf(host, netns);
  if (container) return container.name;
  if (netns.kind === 'host') return `host ${host.name}`;
  return netns.names[0] ?? netns.key;
}

function fromNetns(host: Host, netns: Netns): Source {
  return { kind: 'netns', host, netns, container: containerOf(host, netns), label: labelOf(host, netns) };
}

function fromContainer(model: Model, { host, it }: Placed<Container>): Source {
  const netns = isRunning(it) ? netnsOf(model, it) : null;
  return netns ? { kind: 'netns', host, netns, container: it, label: it.name } : { kind: 'stopped', host, container: it, label: it.name };
}

function fromAddress(model: Model, reference: string): Source {
  const address = canonical(reference);
  const owners = ownersOf(model, address);
  if (owners.length > 1)
    throw ambiguous(
      reference,
      owners.map(({ host, it }) => `netns:${host.name}/${it.key}`),
    );
  const owner = owners[0];
  return owner ? fromNetns(owner.host, owner.it) : { kind: 'outside', address, label: address };
}

function fromHost(model: Model, name: string): Source {
  const host = findHost(model, name);
  const netns = ownNetns(model, host);
  if (netns) return fromNetns(host, netns);
  throw new UserError('UNKNOWN_ENDPOINT', `the network namespace of host ${name} was not found`, 'its facts could not be read; see the gaps of the host');
}

/** Throws UNKNOWN_ENDPOINT or AMBIGUOUS_ENDPOINT. */
export function resolveSource(model: Model, reference: string): Source {
  const text = reference.trim().replace(/^\[([^\]]*)\]$/, '$1');
  if (text === 'internet') return { kind: 'outside', address: null, label: 'internet' };
  if (familyOf(text) !== null) return fromAddress(model, text);
  const [, scheme, name] = /^(host|netns|container):(.*)$/s.exec(text) ?? [];
  if (scheme === 'host') return fromHost(model, name ?? '');
  if (scheme === 'netns') {
    const netns = findNetns(model, name ?? '');
    if (!netns) throw unknownEndpoint(model, text);
    return fromNetns(netns.host, netns.it);
  }
  if (scheme === 'container') {
    const container = findContainer(model, name ?? '');
    if (!container) throw unknownEndpoint(model, text);
    return fromContainer(model, container);
  }
  const found = text === '' ? null : containerOrService(model, text);
  if (!found) throw unknownEndpoint(model, text);
  if ('container' in found) return fromContainer(model, found.container);
  const [only, second] = found.service;
  if (!only || second)
    throw ambiguous(
      text,
      found.service.map(({ host, it }) => `${host.name}/${it.name}`),
    );
  return fromContainer(model, only);
}
