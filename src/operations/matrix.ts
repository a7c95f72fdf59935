import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Flows } from '../flows/flows.ts';
import type { Place } from '../flows/places.ts';
import { type FlowSet, flowSets, sizeOf } from '../flows/sets.ts';
import { VERDICTS, type Verdict } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { Gap } from '../model/evidence.ts';
import type { Model } from '../model/model.ts';
import type { Protocol } from '../model/packet.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';
import { type Page, type PageInput, paginate } from './page.ts';
import { parseInput } from './parse-input.ts';
import { Turns } from './turns.ts';

export type { FlowSet, Place };

const name = (text: string) => z.string().min(1).max(1000).nullish().describe(text);

export const matrixFilter = z.strictObject({
  host: name('Flows that begin or end on this host.'),
  container: name('Flows that begin or end at this container: its name.'),
  network: name('Flows that begin or end at a container of this Docker network.'),
  protocol: z.enum(['tcp', 'udp', 'icmp']).nullish().describe('tcp, udp or icmp; all of them when not given.'),
  port: z.coerce.number().int().min(1).max(65535).nullish().describe('Only this port; it need not be one that anything names.'),
  verdict: z.enum(VERDICTS).nullish().describe('Only flows that end so.'),
});

export interface MatrixEntry extends FlowSet {
  readonly id: string;
}

export interface Matrix extends Page<MatrixEntry> {
  /** Null: live. */
  readonly snapshot: SnapshotInfo | null;
  readonly summary: string;
  /** What could not be read and may make flows UNDETERMINED. */
  readonly gaps: readonly Gap[];
}

export interface MatrixInput extends PageInput {
  readonly filter?: unknown;
  readonly at?: string | null;
  /** Hears how many targets of how many have been worked on, a few times a second. */
  readonly onProgress?: Progress;
}

export type Progress = (done: number, total: number) => void;

const made = new WeakMap<Model, Flows>();

export function flowsOf(model: Model): Flows {
  const flows = made.get(model) ?? new Flows(model);
  made.set(model, flows);
  return flows;
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** Throws UserError BAD_ARGUMENT, BAD_CURSOR, NOT_FOUND or UNKNOWN_SNAPSHOT. */
export async function matrix(context: Context, input: MatrixInput): Promise<Matrix> {
  const filter = parseInput(matrixFilter, input.filter ?? {}, 'BAD_ARGUMENT', 'filter');
  const estate = await context.estates.at(input.at);
  const named = flowsOf(estate.model);
  const flows = filter.port == null || named.ports.includes(filter.port) ? named : new Flows(estate.model, [...named.ports, filter.port]);
  const places = flows.seats.map((seat) => seat.place);
  const wanted = { protocols: filter.protocol ? [filter.protocol] : PROTOCOLS, place: placeFilter(filter, places), port: filter.port ?? null };
  const work = flowSets(flows, wanted);
  const kinds = new Set(flows.seats.map((seat) => flows.kindOf(seat))).size;
  const total = kinds * places.length * wanted.protocols.length;
  const sets = (await inTurns(work, new Turns(context.allowance), (done) => input.onProgress?.(Math.min(done, total), total))).filter(
    ({ verdict }) => !filter.verdict || verdict === filter.verdict,
  );
  const entries = sets.map((set) => ({ id: idOf(set, set.verdict), ...set }));
  return { snapshot: estate.snapshot, summary: summaryOf(sets, places.length), ...paginate(entries, ({ id }) => id, input), gaps: estate.model.gaps };
}

export async function inTurns<T>(work: Generator<null, T>, turns: Turns, hear: (steps: number) => void): Promise<T> {
  for (let steps = 1; ; steps++) {
    const { done, value } = work.next();
    if (done) return value;
    if (await turns.next()) hear(steps);
  }
}

export type PlaceFilter = Pick<z.infer<typeof matrixFilter>, 'host' | 'container' | 'network'>;

/** Throws UserError NOT_FOUND for a name that no place has. */
export function placeFilter({ host, container, network }: PlaceFilter, places: readonly Place[]): (place: Place) => boolean {
  const known = (what: string, asked: string | null | undefined, names: readonly string[]) => {
    if (asked == null || names.includes(asked)) return;
    throw new UserError('NOT_FOUND', `There is no ${what} ${JSON.stringify(asked.slice(0, 100))}.`, `Use the name of a ${what}.`, nearest(asked, names));
  };
  const containers = places.filter(({ kind }) => kind === 'container');
  known('host', host, [...new Set(places.flatMap((place) => place.host ?? []))]);
  known('container', container, [...new Set(containers.map((place) => place.name))]);
  known('network', network, [...new Set(containers.flatMap((place) => place.networks))]);
  return (place) =>
    (host == null || place.host === host) &&
    (container == null || (place.kind === 'container' && place.name === container)) &&
    (network == null || place.networks.includes(network));
}

export function idOf({ sources, targets, ports, otherPorts, protocol }: Omit<FlowSet, 'verdict'>, ending: string): string {
  const text = JSON.stringify([sources.map((p) => p.reference), targets.map((p) => p.reference), ports, otherPorts, protocol, ending]);
  return `flows:${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}

function summaryOf(sets: readonly FlowSet[], places: number): string {
  const counts = new Map<Verdict, number>();
  for (const set of sets) counts.set(set.verdict, (counts.get(set.verdict) ?? 0) + sizeOf(set));
  const parts = VERDICTS.flatMap((verdict) => (counts.has(verdict) ? [`${counts.get(verdict)!.toLocaleString('en')} ${verdict.toLowerCase()}`] : []));
  return `Flows between ${places} places on the ports that listeners, rules or mappings name: ${parts.join(', ') || 'none'}.`;
}
