/** Builds a world, asks netwhy, asks the kernel, and compares. */
import { setTimeout as sleep } from 'node:timers/promises';
import { collectEstate } from '../../src/collectors/index.ts';
import { why } from '../../src/engine/index.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import type { Question } from '../../src/model/question.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { disagreements, report } from '../lab/compare.ts';
import { knownGap } from '../lab/judge.ts';
import { outcomeOf, type Probe, shoot } from '../lab/probe.ts';
import { type DropPlace, findDrops } from '../lab/trace.ts';
import type { Truth } from '../lab/truth.ts';
import { type Built, build } from './build.ts';
import type { World } from './world.ts';

/** Seconds for an answer: discovery gives up after 0.12 s, at most twice on a way, and nothing is repeated before 1 s. */
const PATIENT = 0.45;
/** linkwatch tells of carriers at most once a second (net/core/link_watch.c). */
const SETTLED = 1100;
/** Below the ephemeral ports. */
const FIRST_PORT = 20_000;

export interface Play {
  readonly truth: Truth;
  readonly answer: Answer;
  /** Empty: agreed. */
  readonly said: readonly string[];
}

export interface Played {
  readonly world: World;
  readonly facts: EstateFacts;
  readonly plays: readonly Play[];
  readonly refused: readonly string[];
}

/** Every ask is sent alone, in its order. */
export async function play(world: World): Promise<Played> {
  const built = await build(world);
  try {
    await sleep(SETTLED);
    const facts = await collectEstate([built.config]);
    const seen = await observe(world, built);
    const model = buildModel(facts);
    const plays = seen.map(({ neighbours, ...seenOf }) => {
      const answer = why(model, seenOf.truth.question);
      const truth = { ...seenOf.truth, drop: seenOf.truth.drop ?? neighbourDrop(answer, neighbours) };
      return { truth, answer, said: disagreements(truth, answer) };
    });
    return { world, facts, plays, refused: built.refused };
  } finally {
    await built.destroy();
  }
}

/** Many questions go round that do not matter; where one is said to have mattered, the kernel must have dropped that one. */
function neighbourDrop(answer: Answer, drops: readonly DropPlace[]): DropPlace | null {
  const [blocker] = answer.blockers;
  if (blocker?.disposition !== 'neighbour-unreachable' || !blocker.rule) return null;
  const { table, chain, position } = blocker.rule;
  return drops.find((d) => d.container === blocker.namespaceName && d.table === table && d.chain === chain && d.position === position) ?? drops[0] ?? null;
}

interface Seen {
  readonly truth: Truth;
  readonly neighbours: readonly DropPlace[];
}

async function observe(world: World, built: Built): Promise<readonly Seen[]> {
  const probes = world.asks.map((ask, i): Probe => ({ id: `${i}`, place: built.placeOf(ask.from), sport: FIRST_PORT + i, ...ask }));
  const trace = Object.fromEntries(world.nodes.map((node) => [node, built.placeOf(node)]));
  const { results, events } = await shoot(probes, PATIENT, trace, true);
  const places = new Map(world.nodes.map((node) => [node, { host: 'world', container: node, place: built.placeOf(node) }]));
  const { first, neighbours } = await findDrops(probes, events, places);
  return probes.map(({ id, sport, protocol, to, port, source }, i) => {
    const result = results[id]!;
    const outcome = outcomeOf(protocol, result);
    const from = `netns:${world.asks[i]!.from}`;
    const question: Question = { from, to, protocol, port: protocol === 'icmp' ? null : port, sourcePort: sport, ...(source ? { sourceAddress: source } : {}) };
    const drop = outcome.verdict === 'REACHABLE' ? null : (first.get(id) ?? null);
    const ask = `${from} > ${to} ${protocol}/${port || '-'}`;
    return {
      truth: { scenario: `seed ${world.seed}`, host: 'world', ask, question, cause: null, unknowable: false, result, outcome, drop },
      neighbours: neighbours.get(id) ?? [],
    };
  });
}

export const wrong = ({ plays }: Played): readonly Play[] => plays.filter(({ truth, said }) => said.some((line) => !knownGap(truth)?.says.includes(line)));

/** What it disagrees in, without names and numbers. */
export const kindOf = ({ said }: Play): string => said.map((line) => line.split(',')[0]!.replace(/[^a-zA-Z ]/g, '')).join();

export function describeWrong(played: Played): string {
  return wrong(played)
    .map(({ truth, answer, said }) => report(truth, answer, said))
    .join('\n');
}
