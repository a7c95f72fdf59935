/** Fixes that were proved: applied to a copy of the model, the question asked again, and the answer was REACHABLE. */
import type { Remedy } from '../../model/answer.ts';
import type { Model } from '../../model/model.ts';
import type { Question } from '../../model/question.ts';
import type { Asked } from '../explain/scene.ts';
import { linkUp, plugIn } from './link.ts';
import { listenEverywhere } from './listener.ts';
import { connect } from './network-connect.ts';
import type { Proposal, RemedyKind } from './proposal.ts';
import { allow } from './rule.ts';
import { changedFlows } from './side-effects.ts';
import { bridgeNetfilter, forwarding, reversePath } from './sysctl.ts';

const KINDS: readonly RemedyKind[] = [connect, listenEverywhere, forwarding, reversePath, bridgeNetfilter, linkUp, plugIn, allow];
/** Changes that one remedy may need together. */
const MAX_STEPS = 3;

/** Answers without looking for remedies. */
export type Ask = (model: Model, question: Question) => Asked;

export function provedRemedies(model: Model, question: Question, first: Asked, ask: Ask): readonly Remedy[] {
  const found: Remedy[] = [];
  for (const proposal of proposalsFor(first)) {
    const steps: Proposal[] = [proposal];
    let changed = proposal.apply(model);
    let asked = ask(changed, question);
    while (asked.answer.verdict === 'UNREACHABLE' && steps.length < MAX_STEPS) {
      const next = proposalsFor(asked)[0];
      if (!next || steps.some((s) => s.text === next.text)) break;
      steps.push(next);
      changed = next.apply(changed);
      asked = ask(changed, question);
    }
    if (asked.answer.verdict !== 'REACHABLE') continue;
    found.push({
      text: steps.map((s) => s.text).join(', and '),
      commands: steps.flatMap((s) => s.commands),
      sideEffects: changedFlows(model, changed, question, (flow) => steps.some((s) => s.concerns(flow))),
    });
  }
  return found.sort((a, b) => a.sideEffects.length - b.sideEffects.length);
}

function proposalsFor({ answer, scene }: Asked): readonly Proposal[] {
  const code = answer.cause?.code;
  return scene && code ? KINDS.filter((k) => k.causes.includes(code)).flatMap((k) => k.propose(scene)) : [];
}
