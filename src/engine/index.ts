/** Why can't A reach B? Pure: a model and a question in, an answer out. */
import type { Answer } from '../model/answer.ts';
import type { Model } from '../model/model.ts';
import type { Question } from '../model/question.ts';
import { ask } from './ask.ts';
import { provedRemedies } from './remedies/index.ts';

/** Throws UserError for references and questions that make no sense; everything else is an answer. */
export function why(model: Model, question: Question): Answer {
  const asked = ask(model, question);
  return asked.answer.verdict === 'UNREACHABLE' ? { ...asked.answer, remedies: provedRemedies(model, question, asked, ask) } : asked.answer;
}

/** As `why`, without remedies: to prove them costs more than all the rest. */
export function explain(model: Model, question: Question): Answer {
  return ask(model, question).answer;
}

export { endsOf, type Told, tell } from './ask.ts';
export { newReads, type Reads } from './reads.ts';
export { resolveSource } from './resolve/source.ts';
export { resolvePlace } from './resolve/target.ts';
export type { Source, Target } from './resolve/types.ts';
