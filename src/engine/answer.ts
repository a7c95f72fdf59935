/** From the walks of one question to its answer. */
import type { Answer, Blocker, Caveat, Disposition, Symptom, Trace, Verdict } from '../model/answer.ts';
import type { Gap } from '../model/evidence.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { type Choose, type Explored, explore } from './choices.ts';
import { causeOf } from './explain/cause.ts';
import { type Asked, nameOf, type Scene, targetName } from './explain/scene.ts';
import { blockedSummary, flowText, seen } from './explain/summary.ts';
import { converseThrough } from './proxy.ts';
import type { Reads } from './reads.ts';
import type { RecordedHop } from './recorder.ts';
import type { Source, Target } from './resolve/types.ts';
import type { Ending, Talk } from './talk.ts';
import type { Why } from './types.ts';
import { newWorld } from './walk.ts';

/** How many blockers are looked for past the first. */
const MAX_BLOCKERS = 8;

interface Walked {
  readonly ending: Ending;
  readonly caveats: readonly Caveat[];
}

function walk(model: Model, talk: Talk, choose: Choose, lifted: ReadonlySet<string>, reads?: Reads): Walked {
  const world = newWorld({ model, choose, lifted, ...(reads ? { reads } : {}) });
  const ending = converseThrough(world, talk);
  return { ending, caveats: [...world.caveats].map(([code, text]) => ({ code, text })) };
}

const alike = (e: Ending) => `${e.result} ${e.symptom} ${e.accepted}`;

interface Outcome {
  readonly verdict: Verdict;
  readonly symptom: Symptom;
  readonly walks: readonly Explored<Walked>[];
  readonly shown: Explored<Walked>;
  readonly open: readonly string[];
  readonly gaps: readonly Gap[];
}

/** What all the walks together say. `reads` takes note of what they looked at. */
export function outcomeOf(model: Model, talk: Talk, reads?: Reads): Outcome {
  const { walks, complete } = explore((choose) => walk(model, talk, choose, new Set(), reads));
  const kinds = new Set(walks.map((w) => alike(w.result.ending)));
  // Which walk is shown: a certain one if there is only one kind, else one that fails, since the question asks why.
  const shown = walks.find((w) => w.result.ending.result === 'closed') ?? walks[0]!;
  const { ending } = shown.result;
  const open = [...new Set(walks.flatMap((w) => w.assumed.map((a) => a.unknown)).map((u) => `${u.why}|${u.text}`))];
  const gaps = walks.map((w) => w.result.ending.gap).filter((g): g is Gap => g !== null);
  const common = { walks, shown, open, gaps };
  if (kinds.size === 1 && complete && ending.result !== 'unknown') {
    if (ending.result === 'open') return { verdict: 'REACHABLE', symptom: ending.symptom, ...common };
    return { verdict: 'UNREACHABLE', symptom: ending.soft ? 'TIMED_OUT' : ending.symptom, ...common };
  }
  const missing = gaps.length > 0 || !complete || open.some((o) => o.startsWith('missing|'));
  return { verdict: missing ? 'UNDETERMINED' : 'AMBIGUOUS', symptom: 'UNKNOWN', ...common };
}

/** Answers for one address of the target. */
export function answerFor(model: Model, question: Question, source: Source, target: Target, talk: Talk): Asked {
  const { verdict, symptom, walks, shown, open, gaps } = outcomeOf(model, talk);
  const { ending } = shown.result;
  const caveats = new Map(walks.flatMap((w) => w.result.caveats).map((c) => [c.code + c.text, c]));
  if (target.kind === 'addresses' && target.note)
    caveats.set(target.note, {
      code: target.note,
      text: `the name ${target.label} does not resolve from ${source.label}; this answer is for its address ${talk.dst}`,
    });
  const base = {
    question,
    verdict,
    symptom,
    forward: trace(model, ending.forward, ending.direction === 'request' ? ending.disposition : 'accepted'),
    reply: ending.reply
      ? trace(model, ending.reply, ending.direction === 'reply' ? ending.disposition : ending.result === 'open' ? 'accepted' : ending.disposition)
      : null,
    caveats: [...caveats.values()],
    remedies: [],
    since: null,
    probe: null,
  };
  const to = labelled(target, talk.dst);
  if (verdict === 'REACHABLE') {
    const through = ending.listener?.socket.process ? `, taken by ${ending.listener.socket.process}` : '';
    const answer: Answer = {
      ...base,
      summary: `${source.label} reaches ${to} on ${flowText(question)}${through}.`,
      cause: null,
      disposition: 'accepted',
      blockers: [],
      evidence: evidenceOf(ending),
      needs: [],
    };
    return { answer, scene: null };
  }
  if (verdict === 'UNREACHABLE') {
    const scene = { model, question, source, target, address: talk.dst };
    const blockers = blockersOf(scene, talk, ending, shown.assumed);
    const cause = blockers[0]?.cause ?? { code: 'KERNEL_DROP' as const, text: 'the packet is lost', parameters: {} };
    const answer: Answer = {
      ...base,
      summary: blockedSummary(source.label, to, question, cause, blockers[0] ?? null, seen(ending)),
      cause,
      disposition: ending.disposition,
      blockers,
      evidence: blockers[0]?.evidence ?? [],
      needs: [],
    };
    return { answer, scene: ending.why && ending.netns ? { ...scene, ending, why: ending.why, netns: ending.netns, direction: ending.direction } : null };
  }
  const missing = verdict === 'UNDETERMINED';
  const needs = [
    ...new Set([...gaps.map((g) => `${g.host}${g.netns ? ` ${g.netns}` : ''}: ${g.reason}`), ...open.map((o) => o.split('|').slice(1).join('|'))]),
  ];
  const outcomes = [...new Set(walks.map((w) => seen(w.result.ending)))];
  const summary = missing
    ? `Whether ${source.label} reaches ${to} on ${flowText(question)} cannot be told: ${needs.slice(0, 2).join('; ') || 'too many unknowns'}.`
    : `Whether ${source.label} reaches ${to} on ${flowText(question)} depends on ${needs.slice(0, 2).join(' and ')}: the client ${outcomes.join(', or it ')}.`;
  const answer: Answer = {
    ...base,
    summary,
    cause: { code: missing ? 'MISSING_FACTS' : 'CHANCE', text: needs[0] ?? '', parameters: {} },
    disposition: missing ? (ending.disposition === 'leaves-model' ? 'leaves-model' : 'insufficient-information') : ending.disposition,
    blockers: [],
    evidence: evidenceOf(ending),
    needs,
  };
  return { answer, scene: null };
}

/** A name for the target with its address, where that adds something. */
function labelled(target: Target, address: string): string {
  const name = targetName(target);
  return name.includes(address) ? name : `${name} (${address})`;
}

/** Every blocker in order: each is lifted, and the same walk made again. */
function blockersOf(
  scene: Pick<Scene, 'model' | 'question' | 'source' | 'target' | 'address'>,
  talk: Talk,
  first: Ending,
  assumed: readonly { unknown: { key: string }; answer: boolean }[],
): Blocker[] {
  const answers = new Map(assumed.map((a) => [a.unknown.key, a.answer]));
  const lifted = new Set<string>();
  const blockers: Blocker[] = [];
  let ending = first;
  while (ending.result === 'closed' && ending.why && ending.netns && blockers.length < MAX_BLOCKERS) {
    blockers.push(blockerOf({ ...scene, ending, why: ending.why, netns: ending.netns, direction: ending.direction }));
    if (lifted.has(ending.why.key)) break;
    lifted.add(ending.why.key);
    const next = walk(scene.model, talk, (u) => answers.get(u.key) ?? true, lifted).ending;
    if (next.why?.key === ending.why.key) break;
    ending = next;
  }
  return blockers;
}

function blockerOf(scene: Scene): Blocker {
  const { why, netns, model, ending } = scene;
  const deepest = innermost(why, netns);
  const { chain } = deepest.why;
  const { position, text } = deepest.why.rule ?? { position: null, text: `policy ${chain?.base?.policy ?? ''}` };
  return {
    cause: causeOf(scene),
    disposition: why.disposition,
    direction: scene.direction,
    host: deepest.netns.host,
    netns: deepest.netns.id,
    namespaceName: nameOf(model, deepest.netns),
    rule: chain ? { backend: chain.table.backend, family: chain.table.family, table: chain.table.name, chain: chain.name, position, text } : null,
    symptom: ending.symptom,
    evidence: [...deepest.why.evidence, ...(deepest.why === why ? [] : why.evidence)],
  };
}

/** Behind "nobody answers" there may be a rule that dropped the question; that is the place to show. */
function innermost(why: Why, netns: Scene['netns']): { why: Why; netns: Scene['netns'] } {
  return why.inner ? innermost(why.inner.why, why.inner.netns) : { why, netns };
}

export function trace(model: Model, hops: readonly RecordedHop[], disposition: Disposition): Trace {
  return {
    disposition,
    hops: hops.map((h) => ({ netns: h.netns.id, name: nameOf(model, h.netns), host: h.netns.host, iif: h.iif, oif: h.oif, steps: h.steps })),
  };
}

function evidenceOf(ending: Ending): Answer['evidence'] {
  return ending.forward.flatMap((h) => h.steps.flatMap((s) => s.evidence)).slice(0, 20);
}

/** Answers that need no packet: the source or the target is not there to speak. */
export function withoutPackets(
  question: Question,
  verdict: Verdict,
  symptom: Symptom,
  disposition: Disposition,
  summary: string,
  part: Partial<Answer> = {},
): Answer {
  return {
    question,
    verdict,
    symptom,
    summary,
    cause: null,
    disposition,
    blockers: [],
    forward: { disposition, hops: [] },
    reply: null,
    evidence: [],
    caveats: [],
    needs: [],
    remedies: [],
    since: null,
    probe: null,
    ...part,
  };
}
