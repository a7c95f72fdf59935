import { why } from '../engine/index.ts';
import type { Answer } from '../model/answer.ts';
import { UserError } from '../model/errors.ts';
import type { Question } from '../model/question.ts';
import type { Estate } from './estate.ts';

/** An unknown name may be one that could not be read: the error says so. */
export function answerQuestion(estate: Estate, question: Question): Answer {
  try {
    return estate.own(why(estate.model, question));
  } catch (error) {
    const unread = estate.model.gaps.find(({ source }) => source.startsWith('docker.'));
    if (!(error instanceof UserError) || error.code !== 'UNKNOWN_ENDPOINT' || !unread) throw error;
    throw new UserError(
      error.code,
      error.message,
      `Docker on ${unread.host} could not be read: ${unread.reason.replace(/\.?$/, '.')} ${error.hint}`,
      error.candidates,
    );
  }
}
