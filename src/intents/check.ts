/** Does an intent hold in a model? Pure; work is done flow by flow, so that others get their turn. */
import { ask } from '../engine/ask.ts';
import type { Answer, Cause, Verdict } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { Finding, Intent, IntentState, Witness } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { never } from '../util/invariant.ts';
import { type Flow, type Flows, flowsOf } from './flows.ts';

/** Of one intent: one that takes more is checked in part, and says so. */
export const MAX_QUESTIONS = 5000;

interface Outcome {
  readonly state: IntentState;
  readonly sentence: string;
  readonly cause: Cause | null;
  readonly witness: Witness | null;
  readonly needs: readonly string[];
}

/** Yields after every flow, with how many questions it took. What cannot be told is UNKNOWN, never HOLDS. */
export function* checkIntent(model: Model, intent: Intent, limit = MAX_QUESTIONS): Generator<number, Finding> {
  const counts = { flows: 0, failing: 0, undecided: 0 };
  const found = named(model, intent);
  if (found instanceof UserError) return unnamed(intent, found);
  let shown: Outcome | null = null;
  let complete = true;
  let asked = 0;
  for (const flow of found.flows) {
    if (asked >= limit) {
      complete = false;
      break;
    }
    const { outcome, questions } = outcomeOf(model, flow);
    asked += questions;
    counts.flows++;
    if (outcome.state === 'BROKEN') counts.failing++;
    if (outcome.state === 'UNKNOWN') counts.undecided++;
    if (shown === null || GRAVITY[outcome.state] > GRAVITY[shown.state]) shown = outcome;
    yield questions;
  }
  const doubts = [...found.unsure, ...(complete ? [] : [`it takes more than the ${limit} questions that are asked`])];
  const finding = { intent: intent.text, ...counts, complete, candidates: [] };
  if (shown === null && doubts.length === 0) return { ...finding, ...doubtful('it speaks of no flow between two places', []) };
  if (shown === null || (shown.state === 'HOLDS' && doubts.length > 0)) return { ...finding, ...doubtful(`it cannot be told: ${doubts[0]}`, doubts) };
  return { ...finding, ...shown, needs: shown.state === 'UNKNOWN' ? [...shown.needs, ...doubts] : [] };
}

const GRAVITY = { HOLDS: 0, UNKNOWN: 1, BROKEN: 2 } as const satisfies Record<IntentState, number>;

function named(model: Model, intent: Intent): Flows | UserError {
  try {
    return flowsOf(model, intent);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function doubtful(sentence: string, needs: readonly string[]): Outcome {
  return { state: 'UNKNOWN', sentence: `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`, cause: null, witness: null, needs };
}

function unnamed(intent: Intent, error: UserError): Finding {
  return { intent: intent.text, ...doubtful(error.message, [error.hint]), flows: 0, failing: 0, undecided: 0, complete: true, candidates: error.candidates };
}

function outcomeOf(model: Model, flow: Flow): { readonly outcome: Outcome; readonly questions: number } {
  if ('unreachable' in flow) {
    const witness = { from: flow.from.reference, to: flow.target.reference, protocol: 'tcp', port: null, verdict: 'UNREACHABLE' } as const;
    const state = flow.wanted === 'reached' ? 'BROKEN' : 'HOLDS';
    return { outcome: { state, sentence: `${flow.unreachable}.`, cause: null, witness, needs: [] }, questions: 1 };
  }
  const outcomes: Outcome[] = [];
  for (const question of flow.ways) {
    const outcome = judged(model, flow, question);
    outcomes.push(outcome);
    if (outcome.state === (flow.wanted === 'reached' ? 'HOLDS' : 'BROKEN')) return { outcome, questions: outcomes.length };
  }
  const refused = outcomes.findLast(({ witness }) => witness?.verdict === 'UNREACHABLE');
  return { outcome: outcomes.find(({ state }) => state === 'UNKNOWN') ?? refused ?? outcomes[0]!, questions: outcomes.length };
}

function judged(model: Model, flow: Flow, question: Question): Outcome {
  const answer = answered(model, question);
  if (answer instanceof UserError) return doubtful(answer.message, [answer.hint]);
  const { from, to, protocol, port } = question;
  const { cause, summary: sentence, needs } = answer;
  return {
    state: stateOf(reached(flow, question, answer), flow.wanted),
    sentence,
    cause,
    witness: { from, to, protocol, port, verdict: answer.verdict },
    needs,
  };
}

function answered(model: Model, question: Question): Answer | UserError {
  try {
    return ask(model, question).answer;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Another address or port may lead to another container than the one that is asked about. */
function reached({ target }: Flow, question: Question, { verdict, forward }: Answer): Verdict {
  const last = forward.hops.at(-1)?.netns;
  const sure = question.to === target.reference || target.container === null || target.netns === null || last === undefined;
  if (verdict !== 'REACHABLE' || sure) return verdict;
  return last === target.netns.id ? 'REACHABLE' : 'UNREACHABLE';
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
