import type { Answer } from '../model/answer.ts';
import { answerQuestion } from './answer-question.ts';
import type { Context } from './context.ts';
import { parseQuestion } from './question.ts';

export interface ReachabilityInput {
  readonly question: unknown;
  readonly at?: string | null;
}

/** Throws UserError BAD_QUESTION, UNKNOWN_ENDPOINT, AMBIGUOUS_ENDPOINT or UNKNOWN_SNAPSHOT. */
export async function reachability(context: Context, input: ReachabilityInput): Promise<Answer> {
  const question = parseQuestion(input.question);
  const estate = await context.estates.at(input.at);
  return answerQuestion(estate, question);
}
