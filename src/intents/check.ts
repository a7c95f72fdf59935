/** Does an intent hold in a model? Pure; work is done flow by flow, so that others get their turn. */
import { UserError } from '../model/errors.ts';
import type { Finding, Intent, IntentState } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import { type Flows, flowsOf } from './flows.ts';
import { doubtful, judge, type Reason } from './judge.ts';

/** Of one intent: one that takes more is checked in part, and says so. */
export const MAX_QUESTIONS = 5000;

const GRAVITY = { HOLDS: 0, UNKNOWN: 1, BROKEN: 2 } as const satisfies Record<IntentState, number>;

/** Yields after every flow, with how many questions it took. What cannot be told is UNKNOWN, never HOLDS. */
export function* checkIntent(model: Model, intent: Intent, limit = MAX_QUESTIONS): Generator<number, Finding> {
  const counts = { flows: 0, failing: 0, undecided: 0 };
  const found = named(model, intent);
  if (found instanceof UserError) return unnamed(intent, found);
  let shown: Reason | null = null;
  let complete = true;
  let asked = 0;
  for (const flow of found.flows) {
    if (asked >= limit) {
      complete = false;
      break;
    }
    const { state, questions, explain } = judge(model, flow);
    asked += questions;
    counts.flows++;
    if (state === 'BROKEN') counts.failing++;
    if (state === 'UNKNOWN') counts.undecided++;
    if (shown === null || GRAVITY[state] > GRAVITY[shown.state]) shown = explain();
    yield questions;
  }
  const doubts = [...found.unsure, ...(complete ? [] : [`it takes more than the ${limit} questions that are asked`])];
  const finding = { intent: intent.text, ...counts, complete, candidates: [] };
  if (shown === null && doubts.length === 0) return { ...finding, ...doubtful('it speaks of no flow between two places', []) };
  if (shown === null || (shown.state === 'HOLDS' && doubts.length > 0)) return { ...finding, ...doubtful(`it cannot be told: ${doubts[0]}`, doubts) };
  return { ...finding, ...shown, needs: shown.state === 'UNKNOWN' ? [...shown.needs, ...doubts] : [] };
}

function named(model: Model, intent: Intent): Flows | UserError {
  try {
    return flowsOf(model, intent);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function unnamed(intent: Intent, error: UserError): Finding {
  return { intent: intent.text, ...doubtful(error.message, [error.hint]), flows: 0, failing: 0, undecided: 0, complete: true, candidates: error.candidates };
}
