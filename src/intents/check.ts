/** Does an intent hold in a model? Pure; work is done flow by flow, so that others get their turn. */
import type { Flows as AllFlows } from '../flows/flows.ts';
import { UserError } from '../model/errors.ts';
import type { Intent, IntentFinding, IntentState } from '../model/intent.ts';
import type { Model } from '../model/model.ts';
import { Bulk } from './bulk.ts';
import { type Flows, flowsOf } from './flows.ts';
import { doubtful, judge, type Reason } from './judge.ts';

/** One that speaks of more is checked in part, and says so. */
const MAX_FLOWS = 1_000_000;
/** From so many flows on, alike ones are asked once. */
const MANY = 50;

const GRAVITY = { HOLDS: 0, UNKNOWN: 1, BROKEN: 2 } as const satisfies Record<IntentState, number>;

/**
 * Yields after every flow, with how often the engine was asked for it. What cannot be told is UNKNOWN, never HOLDS.
 * `flowsFor` makes, or has, all flows of the model; `limit`: questions to the engine.
 */
export function* checkIntent(model: Model, intent: Intent, flowsFor: (model: Model) => AllFlows, limit: number): Generator<number, IntentFinding> {
  const counts = { flows: 0, failing: 0, undecided: 0 };
  const found = named(model, intent);
  if (found instanceof UserError) return unnamed(intent, found);
  let shown: Reason | null = null;
  let complete = true;
  let bulk: Bulk | null = null;
  let asked = 0;
  for (const flow of found.flows) {
    if (asked >= limit || counts.flows >= MAX_FLOWS) {
      complete = false;
      break;
    }
    if (counts.flows === MANY) bulk = new Bulk(flowsFor(model));
    const before = bulk?.asked ?? 0;
    const { state, asked: alone, explain } = judge(model, flow, bulk);
    const now = alone + (bulk ? bulk.asked - before : 0);
    asked += now;
    counts.flows++;
    if (state === 'BROKEN') counts.failing++;
    if (state === 'UNKNOWN') counts.undecided++;
    if (shown === null || GRAVITY[state] > GRAVITY[shown.state]) shown = explain();
    yield now;
  }
  const doubts = [...found.unsure, ...(complete ? [] : [`only the first ${counts.flows} flows were asked about`])];
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

function unnamed(intent: Intent, error: UserError): IntentFinding {
  return { intent: intent.text, ...doubtful(error.message, [error.hint]), flows: 0, failing: 0, undecided: 0, complete: true, candidates: error.candidates };
}
