import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import { answerQuestion } from './answer-question.ts';
import type { Context } from './context.ts';
import { describeError, type ErrorDescription } from './describe-error.ts';
import type { Estate } from './estate.ts';
import { parseQuestion } from './question.ts';
import { Turns } from './turns.ts';

export type BatchId = string | number;
export type BatchItem = { readonly id: BatchId } & (
  | { readonly answer: Answer; readonly error: null }
  | { readonly answer: null; readonly error: ErrorDescription }
);

export interface BatchInput {
  /** Each a question with an `id`; without one it gets its place, from 0. */
  readonly questions: unknown;
  readonly at?: string | null;
}

const MAX_QUESTIONS = 10_000;

/** Items keep their order and ids; one that cannot be answered gets its own error. */
export async function reachabilityBatch(context: Context, input: BatchInput): Promise<BatchItem[]> {
  if (!Array.isArray(input.questions))
    throw new UserError('BAD_BATCH', 'A batch must be an array of questions.', 'For example [{"id": 1, "from": "web", "to": "db:5432"}].');
  if (input.questions.length > MAX_QUESTIONS) throw new UserError('BAD_BATCH', `A batch has at most ${MAX_QUESTIONS} questions.`, 'Split it.');
  const estate = await context.estates.at(input.at);
  const items: BatchItem[] = [];
  const turns = new Turns(context.allowance);
  for (const [place, raw] of input.questions.entries()) {
    const item = answerItem(estate, raw, place, context.report);
    if (item.answer) context.telemetry?.saw({ kind: 'answered', verdict: item.answer.verdict });
    items.push(item);
    await turns.next();
  }
  return items;
}

function answerItem(estate: Estate, raw: unknown, place: number, report: (error: unknown) => void): BatchItem {
  const { id: given, ...question } = (typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : {}) as Record<string, unknown>;
  const id = typeof given === 'string' || typeof given === 'number' ? given : place;
  try {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw new UserError('BAD_BATCH', `questions.${place} is not an object.`, 'For example {"id": 1, "from": "web", "to": "db:5432"}.');
    }
    if (given !== undefined && given !== id)
      throw new UserError('BAD_BATCH', `questions.${place}.id is neither a string nor a number.`, 'Give each question its own id.');
    return { id, answer: answerQuestion(estate, parseQuestion(question, `questions.${place}`)), error: null };
  } catch (error) {
    if (!(error instanceof UserError)) report(error);
    return { id, answer: null, error: describeError(error) };
  }
}
