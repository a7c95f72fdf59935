import type { Answer } from '../model/answer.ts';
import { answerQuestion } from './answer-question.ts';
import type { Context } from './context.ts';
import { probe } from './probe.ts';
import { parseQuestion } from './question.ts';
import { since } from './since.ts';

export interface ReachabilityInput {
  readonly question: unknown;
  readonly at?: string | null;
  /** Looks through the snapshots before it, too. */
  readonly since?: boolean;
  /** Sends one real packet, too. */
  readonly probe?: boolean;
}

/** Throws UserError BAD_QUESTION, UNKNOWN_ENDPOINT, AMBIGUOUS_ENDPOINT or UNKNOWN_SNAPSHOT; what `probe` throws when one is asked for. */
export async function reachability(context: Context, input: ReachabilityInput): Promise<Answer> {
  const question = parseQuestion(input.question);
  const estate = await context.estates.at(input.at);
  const answer = answerQuestion(estate, question);
  context.telemetry?.saw({ kind: 'answered', verdict: answer.verdict });
  if (!input.since && !input.probe) return answer;
  const met = input.probe ? await probe(context, estate, answer) : null;
  return estate.own({ ...answer, probe: met, since: input.since ? await since(context, answer) : null });
}
