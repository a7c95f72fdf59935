import { z } from 'zod';
import { UserError } from '../model/errors.ts';
import { answerSchema, batchItemSchema } from '../operations/answer-schema.ts';
import { batchItemJson } from '../operations/batch-json.ts';
import { parseInput } from '../operations/parse-input.ts';
import { questionInput } from '../operations/question.ts';
import { reachability } from '../operations/reachability.ts';
import { reachabilityBatch } from '../operations/reachability-batch.ts';
import { at, type Route } from './route.ts';

const id = z.union([z.string(), z.number()]).optional().describe('Comes back with the answer; its place from 0 when not given.');
const question = questionInput.extend({ id });
const query = z.strictObject({
  at,
  since: z.enum(['true', 'false']).optional().describe('Look through the snapshots before it for when it turned, and by what.'),
  probe: z.enum(['true', 'false']).optional().describe('Send one real packet too, and say whether it met the same; needs the scope `probe`.'),
});

const isBatch = (body: unknown): body is { questions: unknown } => typeof body === 'object' && body !== null && 'questions' in body;
const batchOf = z.strictObject({ questions: z.unknown() });

export const reachabilityRoute: Route = {
  method: 'POST',
  path: '/reachability',
  summary: 'Can A reach B, and if not, why? One question, or {"questions": [...]}: answers come in the same order.',
  query,
  body: z.union([questionInput, z.strictObject({ questions: z.array(question) })]),
  result: z.union([answerSchema, z.object({ answers: z.array(batchItemSchema) })]),
  run: async (context, request) => {
    const parsed = parseInput(query, request.query, 'BAD_ARGUMENT', 'query');
    const reference = parsed.at ?? null;
    if (!isBatch(request.body))
      return reachability(context, { question: request.body, at: reference, since: parsed.since === 'true', probe: parsed.probe === 'true' });
    if (parsed.probe === 'true') throw new UserError('BAD_ARGUMENT', 'A batch sends no packets.', 'Ask one question with `probe`.');
    const { questions } = parseInput(batchOf, request.body, 'BAD_BATCH', 'body');
    const items = await reachabilityBatch(context, { questions, at: reference });
    return { answers: items.map(batchItemJson) };
  },
};
