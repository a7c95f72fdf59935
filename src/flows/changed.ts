/** Flows whose verdict is not the same in two models. Those that nothing which changed can touch are not looked at. */
import type { Verdict } from '../model/answer.ts';
import type { Model } from '../model/model.ts';
import type { Protocol } from '../model/packet.ts';
import { blocksOf } from './blocks.ts';
import { changedChains, changedHosts, othersUntouched } from './exposure.ts';
import { Flows, type Row } from './flows.ts';
import type { Place, Seat } from './places.ts';
import { namedPorts, otherPort } from './ports.ts';
import { joined } from './sets.ts';

/** Null: one of the two ends is not there. */
export type Outcome = Verdict | null;

/** Every source to every target, but for itself, on every port. */
export interface ChangedFlows {
  readonly sources: readonly Place[];
  readonly targets: readonly Place[];
  readonly protocol: Protocol;
  /** Of those that a listener, a rule or a mapping names in one of the two; none for icmp. */
  readonly ports: readonly number[];
  readonly otherPorts: boolean;
  readonly before: Outcome;
  readonly after: Outcome;
}

/** A place in both models. */
interface Spot {
  readonly place: Place;
  readonly before: Seat | null;
  readonly after: Seat | null;
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** Two models with the same ports told apart. */
export function pairOf(before: Model, after: Model): readonly [Flows, Flows] {
  const ports = [...new Set([...namedPorts(before), ...namedPorts(after)])].sort((a, b) => a - b);
  const other = otherPort([before, after], ports);
  return [new Flows(before, ports, other), new Flows(after, ports, other)];
}

/** Of `pairOf`. Nulls say that work goes on. `place`: flows that begin or end at such a place. */
export function* changedFlows(before: Flows, after: Flows, place: (place: Place) => boolean): Generator<null, readonly ChangedFlows[]> {
  const hosts = changedHosts(before.model, after.model);
  if (hosts.size === 0) return [];
  const spots = spotsOf(before, after);
  const chains = changedChains(before.model, after.model, hosts);
  if (chains) after.follow(before, chains);
  const near = othersUntouched(before.model, after.model, hosts);
  const touched = (spot: Spot) => !near || (spot.place.host !== null && hosts.has(spot.place.host));
  const found: Part[] = [];
  for (const protocol of PROTOCOLS) {
    for (const [from, to] of [
      [spots.filter(touched), spots],
      [spots.filter((spot) => !touched(spot)), spots.filter(touched)],
    ] as const) {
      const old = yield* rowsOf(before, 'before', protocol, from, to);
      const young = yield* rowsOf(after, 'after', protocol, from, to);
      const seen = new Map<string, readonly Difference[]>();
      const grouped = new Map<Difference, Map<Spot, Spot[]>>();
      for (const [i, source] of from.entries()) {
        yield null;
        for (const [j, target] of to.entries()) {
          if (source === target || !(place(source.place) || place(target.place))) continue;
          const [a, b] = [old.at(i, j), young.at(i, j)];
          if (a === 0 && b === 0) continue;
          const key = `${a} ${b}`;
          let differences = seen.get(key);
          if (!differences) {
            differences = compare(verdicts(old.rows[a] ?? null, before), verdicts(young.rows[b] ?? null, after), protocol, before.ports);
            seen.set(key, differences);
          }
          for (const difference of differences) {
            const group = grouped.get(difference) ?? new Map<Spot, Spot[]>();
            grouped.set(difference, group);
            const sources = group.get(target);
            if (sources) sources.push(source);
            else group.set(target, [source]);
          }
        }
      }
      for (const [difference, targets] of grouped) for (const [target, sources] of targets) found.push({ ...difference, protocol, sources, targets: [target] });
    }
  }
  return joined(found, ({ before: a, after: b }) => `${a} ${b}`).map((part) => ({
    ...part,
    sources: part.sources.map((spot) => spot.place),
    targets: part.targets.map((spot) => spot.place),
  }));
}

interface Difference {
  readonly ports: readonly number[];
  readonly otherPorts: boolean;
  readonly before: Outcome;
  readonly after: Outcome;
}

interface Part extends Difference {
  readonly protocol: Protocol;
  readonly sources: readonly Spot[];
  readonly targets: readonly Spot[];
}

function spotsOf(before: Flows, after: Flows): readonly Spot[] {
  const old = new Map(before.seats.map((seat) => [seat.place.reference, seat]));
  const young = new Map(after.seats.map((seat) => [seat.place.reference, seat]));
  return [...new Set([...old.keys(), ...young.keys()])].map((reference) => {
    const [a, b] = [old.get(reference) ?? null, young.get(reference) ?? null];
    return { place: (b ?? a)!.place, before: a, after: b };
  });
}

interface Rows {
  /** From 1. */
  readonly rows: readonly (Row | null)[];
  /** Number of the row of a source and a target by their places in the lists; 0: there is none. */
  at(source: number, target: number): number;
}

function* rowsOf(flows: Flows, side: 'before' | 'after', protocol: Protocol, from: readonly Spot[], to: readonly Spot[]): Generator<null, Rows> {
  const places = (spots: readonly Spot[]) => new Map(spots.flatMap((spot, i) => (spot[side] ? [[spot[side], i] as const] : [])));
  const [sources, targets] = [places(from), places(to)];
  const rows: (Row | null)[] = [null];
  const numbers = new Map<Row, number>();
  const table = new Int32Array(from.length * to.length);
  for (const block of blocksOf(flows, protocol, [...sources.keys()], [...targets.keys()])) {
    if (!block) {
      yield null;
      continue;
    }
    const number = numbers.get(block.row) ?? rows.push(block.row) - 1;
    numbers.set(block.row, number);
    for (const source of block.sources) for (const target of block.targets) table[sources.get(source)! * to.length + targets.get(target)!] = number;
  }
  return { rows, at: (source, target) => table[source * to.length + target]! };
}

interface Verdicts {
  readonly of: (port: number) => Outcome;
  readonly other: Outcome;
  readonly echo: Outcome;
}

function verdicts(row: Row | null, { otherPort }: Flows): Verdicts {
  const byPort = new Map((row?.groups ?? []).flatMap(({ ports, verdict }) => ports.map((port) => [port, verdict] as const)));
  const of = (port: number) => byPort.get(port) ?? null;
  return { of, other: of(otherPort), echo: row?.groups[0]?.verdict ?? null };
}

/** Where an end is missing in one model, only what worked is told of. */
const matters = (was: Outcome, is: Outcome) => was !== is && ((was !== null && is !== null) || was === 'REACHABLE' || is === 'REACHABLE');

function compare(old: Verdicts, young: Verdicts, protocol: Protocol, ports: readonly number[]): readonly Difference[] {
  if (protocol === 'icmp') return matters(old.echo, young.echo) ? [{ ports: [], otherPorts: false, before: old.echo, after: young.echo }] : [];
  const found = new Map<string, { ports: number[]; otherPorts: boolean; before: Outcome; after: Outcome }>();
  const put = (was: Outcome, is: Outcome, port: number | null) => {
    if (!matters(was, is)) return;
    const key = `${was} ${is}`;
    const difference = found.get(key) ?? { ports: [], otherPorts: false, before: was, after: is };
    found.set(key, difference);
    if (port === null) difference.otherPorts = true;
    else difference.ports.push(port);
  };
  for (const port of ports) put(old.of(port), young.of(port), port);
  put(old.other, young.other, null);
  return [...found.values()];
}
