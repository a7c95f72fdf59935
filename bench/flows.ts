/** All flows of an estate, beside asking for each of them; and which of them changed, beside two whole matrices. */
import { newReads, resolvePlace, tell } from '../src/engine/index.ts';
import { blocksOf } from '../src/flows/blocks.ts';
import { changedFlows, pairOf } from '../src/flows/changed.ts';
import { Flows } from '../src/flows/flows.ts';
import type { Model } from '../src/model/model.ts';
import { buildModel } from '../src/normalize/index.ts';
import { type EstateShape, syntheticEstate } from '../test/support/synthetic-estate.ts';
import { median } from './measure.ts';
import type { Row } from './section.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;
/** What somebody would ask each pair for who asked for each pair. */
const PORTS = [80, 443, 5432, 6379, 20_000];
/** So many flows are asked for one by one; all of them would take hours. */
const SAMPLE = 300;

const ONE_HOST: EstateShape = { hosts: 1, containers: 200, networks: 5 };
const LARGE: EstateShape = { hosts: 1, containers: 1000, networks: 5 };
const SEVERAL: EstateShape = { hosts: 28, containers: 8, networks: 2 };

function timed<T>(work: () => T): readonly [T, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

/** Every flow, counted; as many as there are. */
function whole(flows: Flows): number {
  let pairs = 0;
  for (const protocol of PROTOCOLS)
    for (const block of blocksOf(flows, protocol, flows.seats, flows.seats)) pairs += block ? block.sources.length * block.targets.length : 0;
  return pairs;
}

/** Milliseconds that asking each pair on each port would take, for the verdict alone; from a sample. */
function oneByOne(model: Model, { seats }: Flows): number {
  const containers = seats.filter(({ host, container }) => host && container);
  let ms = 0;
  for (let i = 0; i < SAMPLE; i++) {
    const [from, to] = [containers[(i * 7919) % containers.length]!, containers[(i * 104_729 + 13) % containers.length]!];
    const question = { from: from.place.reference, to: to.place.reference, protocol: 'tcp', port: PORTS[i % PORTS.length]! } as const;
    const target = resolvePlace(model, from.source, to.host!, to.container);
    ms += timed(() => tell(model, question, from.source, target, newReads()))[1];
  }
  return (ms / SAMPLE) * seats.length * (seats.length - 1) * PORTS.length;
}

function matrixRow(shape: EstateShape, rounds: number, bar?: number): Row {
  const model = buildModel(syntheticEstate(shape));
  const made = Array.from({ length: rounds }, () => {
    const [flows, ms] = timed(() => {
      const all = new Flows(model);
      whole(all);
      return all;
    });
    return { flows, ms };
  });
  const { flows, ms: first } = made[0]!;
  const count = shape.hosts * shape.containers;
  return {
    what: `matrix of ${count} containers on ${shape.hosts} host${shape.hosts === 1 ? '' : 's'}`,
    unit: 'ms',
    value: median(made.map(({ ms }) => ms)),
    beside: { what: `each pair asked on ${PORTS.length} ports (from ${SAMPLE} of them)`, value: oneByOne(model, flows) },
    ...(bar === undefined ? {} : { bar }),
    note: `${flows.ports.length + 1} ports, 3 protocols, ${flows.asked} walks; the first one ${first.toFixed(0)} ms`,
  };
}

function finished<T>(work: Generator<null, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function diffRow(shape: EstateShape): Row {
  const [before, after] = [buildModel(syntheticEstate(shape)), buildModel(syntheticEstate(shape, ['-p tcp -m tcp --dport 80 -j DROP']))];
  // The longer one first: the other finds no code compiled that it would not have found.
  const [, longer] = timed(() => pairOf(before, after).map(whole));
  const rounds = [1, 2, 3].map(() => timed(() => finished(changedFlows(...pairOf(before, after), () => true))));
  const [sets] = rounds[0]!;
  return {
    what: `flows changed by one rule on one of ${shape.hosts} hosts of ${shape.containers} containers`,
    unit: 'ms',
    value: median(rounds.map(([, ms]) => ms)),
    beside: { what: 'two whole matrices', value: longer },
    bar: longer / 10,
    note: `${sets.length} sets of flows`,
  };
}

export async function flows(): Promise<Row[]> {
  return [matrixRow(ONE_HOST, 5, 2000), matrixRow(LARGE, 1), diffRow(SEVERAL)];
}
