/** Flows as people read them: who to whom on which ports, and how that ends; what ends alike stands together. */
import type { Verdict } from '../model/answer.ts';
import type { Protocol } from '../model/packet.ts';
import { type Block, blocksOf } from './blocks.ts';
import type { Flows } from './flows.ts';
import type { Place, Seat } from './places.ts';

/** Every source to every target, but for itself, on every port. */
export interface FlowSet {
  readonly sources: readonly Place[];
  readonly targets: readonly Place[];
  readonly protocol: Protocol;
  /** Of those that a listener, a rule or a mapping names; none for icmp. */
  readonly ports: readonly number[];
  /** And every port that nothing names, by itself or in a range. */
  readonly otherPorts: boolean;
  readonly verdict: Verdict;
}

export interface Wanted {
  readonly protocols: readonly Protocol[];
  /** Flows that begin or end at such a place. */
  readonly place: (place: Place) => boolean;
  readonly port: number | null;
}

/** Nulls say that work goes on. */
export function* flowSets(flows: Flows, { protocols, place, port }: Wanted): Generator<null, readonly FlowSet[]> {
  const chosen = flows.seats.filter((seat) => place(seat.place));
  const rest = flows.seats.filter((seat) => !place(seat.place));
  const parts: Part[] = [];
  for (const protocol of protocols) {
    for (const [sources, targets] of [
      [chosen, flows.seats],
      [rest, chosen],
    ] as const) {
      for (const block of blocksOf(flows, protocol, sources, targets)) {
        if (block) parts.push(...partsOf(flows, protocol, block, port));
        else yield null;
      }
    }
  }
  return joined(parts, ({ verdict }) => verdict).map(({ sources, targets, ports, otherPorts, protocol, verdict }) => ({
    sources: sources.map((seat) => seat.place),
    targets: targets.map((seat) => seat.place),
    protocol,
    ports,
    otherPorts,
    verdict,
  }));
}

interface Part extends Omit<FlowSet, 'sources' | 'targets'> {
  readonly sources: readonly Seat[];
  readonly targets: readonly Seat[];
}

function partsOf(flows: Flows, protocol: Protocol, { sources, targets, row }: Block, port: number | null): Part[] {
  const found = new Map<Verdict, { ports: number[]; otherPorts: boolean }>();
  for (const group of row.groups) {
    const part = found.get(group.verdict) ?? { ports: [], otherPorts: false };
    const ports = port === null ? group.ports : group.ports.filter((p) => p === port);
    if (protocol !== 'icmp' && ports.length === 0) continue;
    found.set(group.verdict, part);
    if (port !== null && protocol !== 'icmp') part.ports.push(port);
    else
      for (const p of ports)
        if (p === flows.otherPort) part.otherPorts = true;
        else part.ports.push(p);
  }
  return [...found].map(([verdict, part]) => ({ sources, targets, protocol, verdict, otherPorts: part.otherPorts, ports: part.ports.sort((a, b) => a - b) }));
}

interface Joinable<S> {
  readonly sources: readonly S[];
  readonly targets: readonly S[];
  readonly protocol: Protocol;
  readonly ports: readonly number[];
  readonly otherPorts: boolean;
}

/** What ends in the same words stands together: first that to the same targets, then that from the same sources. */
export function joined<S extends object, P extends Joinable<S>>(parts: readonly P[], ending: (part: P) => string): readonly P[] {
  const numbers = new Map<S, number>();
  const names = (all: readonly S[]) =>
    all
      .map((one) => numbers.get(one) ?? numbers.set(one, numbers.size).size - 1)
      .sort((a, b) => a - b)
      .join();
  const join = (all: readonly P[], same: 'sources' | 'targets', grown: 'sources' | 'targets'): readonly P[] => {
    const found = new Map<string, P>();
    const grownSets = new Map<string, Set<S>>();
    for (const part of all) {
      const key = `${part.protocol} ${ending(part)} ${part.otherPorts} ${part.ports.join()} ${names(part[same])}`;
      const set = grownSets.get(key) ?? new Set<S>();
      grownSets.set(key, set);
      for (const one of part[grown]) set.add(one);
      if (!found.has(key)) found.set(key, part);
    }
    return [...found].map(([key, part]) => ({ ...part, [grown]: [...grownSets.get(key)!] }));
  };
  return join(join(parts, 'targets', 'sources'), 'sources', 'targets');
}

/** How many flows it stands for, each port of its own; ports that nothing names are not counted. */
export function sizeOf({ sources, targets, ports, protocol }: Omit<FlowSet, 'verdict'>): number {
  const self = sources.filter((source) => targets.includes(source)).length;
  return (sources.length * targets.length - self) * (protocol === 'icmp' ? 1 : ports.length);
}
