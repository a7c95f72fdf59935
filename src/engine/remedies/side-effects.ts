/** What else a change would open or close: every namespace to every open port, before and after. */
import type { Model } from '../../model/model.ts';
import type { Question } from '../../model/question.ts';
import { nameOf } from '../explain/scene.ts';
import { type Flow, flowsOf, isOpen } from './flow.ts';

/** Flows that are tried at most; beyond that the list says so. */
const MAX_FLOWS = 200;

/** `concerns`: the flows that the change can touch at all. */
export function changedFlows(before: Model, after: Model, asked: Question, concerns: (flow: Flow) => boolean): readonly string[] {
  const flows = flowsOf(before).filter(concerns);
  const effects = new Set<string>();
  for (const flow of flows.slice(0, MAX_FLOWS)) {
    const was = isOpen(before, flow);
    const is = was === null ? null : isOpen(after, flow);
    if (was === null || is === null || was === is) continue;
    const { protocol, port } = flow.socket;
    const same = asked.port === port && asked.protocol === protocol && nameOf(before, flow.from) === asked.from;
    if (!same) effects.add(`${is ? 'opens' : 'closes'} ${nameOf(before, flow.from)} to ${nameOf(before, flow.to)} on ${protocol}/${port}`);
  }
  const left = flows.length - MAX_FLOWS;
  return left > 0 ? [...effects, `${left} other flows that it may touch were not tried`] : [...effects];
}
