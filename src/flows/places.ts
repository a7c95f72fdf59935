/** Who may talk to whom: every container, every host, and the internet. */
import { resolveSource, type Source } from '../engine/index.ts';
import type { Container } from '../model/docker.ts';
import type { Host, Model } from '../model/model.ts';
import type { Unit } from './units.ts';

export const PLACE_KINDS = ['container', 'host', 'internet'] as const;

export interface Place {
  readonly kind: (typeof PLACE_KINDS)[number];
  /** Name of the host; null for the internet. */
  readonly host: string | null;
  readonly name: string;
  /** Docker networks of a container. */
  readonly networks: readonly string[];
  /** What a question calls it. */
  readonly reference: string;
}

export interface Seat {
  readonly place: Place;
  readonly host: Host | null;
  readonly container: Container | null;
  readonly source: Source;
  /** Null: it is not like others. */
  readonly unit: Unit | null;
}

/** Hosts whose own namespace was not read have no place to ask from. */
export function seatsOf(model: Model, unitOf: (netnsId: string) => Unit | null): readonly Seat[] {
  const seats = model.hosts.flatMap((host): Seat[] => {
    const guests = [...(host.containers.known ? host.containers.value : [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    const containers = guests.map((container): Seat => {
      // a name that Docker would not give may not be what a question takes it for
      const reference = `container:${host.name}/${/^[\w.-]+$/.test(container.name) ? container.name : container.id}`;
      const source = resolveSource(model, reference);
      const place: Place = { kind: 'container', host: host.name, name: container.name, networks: container.endpoints.map((e) => e.networkName), reference };
      return { place, host, container, source, unit: source.kind === 'netns' ? unitOf(source.netns.id) : null };
    });
    if (host.ownNetns === null || !model.namespaces.has(host.ownNetns)) return containers;
    const reference = `host:${host.name}`;
    const place: Place = { kind: 'host', host: host.name, name: host.name, networks: [], reference };
    return [...containers, { place, host, container: null, source: resolveSource(model, reference), unit: null }];
  });
  const internet: Place = { kind: 'internet', host: null, name: 'internet', networks: [], reference: 'internet' };
  return [...seats, { place: internet, host: null, container: null, source: resolveSource(model, 'internet'), unit: null }];
}
