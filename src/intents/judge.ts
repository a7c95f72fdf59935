/** Is a flow as it must be? Told at once, explained when somebody wants to know. */
import { explain, newReads, tell } from '../engine/index.ts';
import { resolveSource, resolveTarget } from '../engine/resolve/index.ts';
import type { Cause, Verdict } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { IntentState, Witness } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { never } from '../util/invariant.ts';
import type { Bulk } from './bulk.ts';
import type { Flow } from './flows.ts';

/** Why an intent, or one of its flows, is what it is. */
export interface Reason {
  readonly state: IntentState;
  readonly sentence: string;
  readonly cause: Cause | null;
  readonly witness: Witness | null;
  readonly needs: readonly string[];
}

export interface Judgement {
  readonly state: IntentState;
  /** How often the engine was asked for it alone. */
  readonly asked: number;
  explain(): Reason;
}

interface Way {
  readonly question: Question;
  /** Of the engine. */
  readonly told: Verdict | UserError;
  readonly state: IntentState;
}

/** `bulk` where many flows are judged. */
export function judge(model: Model, flow: Flow, bulk: Bulk | null): Judgement {
  if ('unreachable' in flow) return unasked(flow, flow.unreachable);
  const enough: IntentState = flow.wanted === 'reached' ? 'HOLDS' : 'BROKEN';
  const ways: Way[] = [];
  let asked = 0;
  for (const question of flow.ways) {
    const known = inBulk(model, flow, question, bulk);
    if (known === null) asked++;
    const told = known ?? verdictOf(model, question);
    const state = told instanceof UserError ? 'UNKNOWN' : stateOf(landing(model, flow, question, told), flow.wanted);
    ways.push({ question, told, state });
    if (state === enough) break;
  }
  const shown =
    ways.find(({ state }) => state === enough) ??
    ways.find(({ state }) => state === 'UNKNOWN') ??
    ways.findLast(({ told }) => told === 'UNREACHABLE') ??
    ways[0]!;
  return { state: shown.state, asked, explain: () => explained(model, shown) };
}

function unasked(flow: Flow, sentence: string): Judgement {
  const state = stateOf('UNREACHABLE', flow.wanted);
  const witness: Witness = { from: flow.from.reference, to: flow.target.reference, protocol: 'tcp', port: null, verdict: 'UNREACHABLE' };
  return { state, asked: 0, explain: () => ({ state, sentence: `${sentence}.`, cause: null, witness, needs: [] }) };
}

/** What cannot be told, and what would settle it. */
export function doubtful(sentence: string, needs: readonly string[]): Reason {
  return { state: 'UNKNOWN', sentence: `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`, cause: null, witness: null, needs };
}

function explained(model: Model, { question, told, state }: Way): Reason {
  if (told instanceof UserError) return doubtful(told.message, [told.hint]);
  const { from, to, protocol, port } = question;
  const { verdict, cause, summary, needs } = explain(model, question);
  return { state, sentence: summary, cause, witness: { from, to, protocol, port, verdict }, needs };
}

/** By its own name alone: other ways are asked about one by one. */
function inBulk(model: Model, { from, target }: Flow, { to, protocol, port, family }: Question, bulk: Bulk | null): Verdict | null {
  if (!bulk || to !== target.reference || port === null || protocol === 'icmp' || family !== undefined) return null;
  return bulk.verdict(model, from, target, { protocol, port });
}

function verdictOf(model: Model, question: Question): Verdict | UserError {
  try {
    const source = resolveSource(model, question.from);
    return tell(model, question, source, resolveTarget(model, source, question.to, question.family), newReads()).verdict;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Another address or port may lead to another container than the one that is asked about. */
function landing(model: Model, { target }: Flow, question: Question, verdict: Verdict): Verdict {
  if (verdict !== 'REACHABLE' || question.to === target.reference || target.container === null || target.netns === null) return verdict;
  const last = explain(model, question).forward.hops.at(-1)?.netns;
  return last === undefined || last === target.netns.id ? 'REACHABLE' : 'UNREACHABLE';
}

function stateOf(verdict: Verdict, wanted: Flow['wanted']): IntentState {
  switch (verdict) {
    case 'REACHABLE':
      return wanted === 'reached' ? 'HOLDS' : 'BROKEN';
    case 'UNREACHABLE':
      return wanted === 'reached' ? 'BROKEN' : 'HOLDS';
    case 'AMBIGUOUS':
    case 'UNDETERMINED':
      return 'UNKNOWN';
    default:
      return never(verdict);
  }
}
