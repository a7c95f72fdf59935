import type { Answer } from '../model/answer.ts';
import { answerQuestion } from './answer-question.ts';
import type { Context } from './context.ts';
import { parseQuestion } from './question.ts';
import { since } from './since.ts';

export interface ReachabilityInput {
  readonly question: unknown;
  readonly at?: string | null;
  /** Looks through the snapshots before it, too. */
  readonly since?: boolean;
}

/** Throws UserError BAD_QUESTION, UNKNOWN_ENDPOINT, AMBIGUOUS_ENDPOINT or UNKNOWN_SNAPSHOT. */
export async function reachability(context: Context, input: ReachabilityInput): Promise<Answer> {
  const question = parseQuestion(input.question);
  const estate = await context.estates.at(input.at);
  const answer = answerQuestion(estate, question);
  context.telemetry?.saw({ kind: 'answered', verdict: answer.verdict });
  return input.since ? { ...answer, since: await since(context, answer) } : answer;
}
