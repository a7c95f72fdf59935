import { z } from 'zod';
import type { Context } from '../../operations/context.ts';
import { isLive } from '../../operations/estates.ts';
import { questionInput } from '../../operations/question.ts';
import { reachability } from '../../operations/reachability.ts';
import { reachabilityBatch } from '../../operations/reachability-batch.ts';
import { answerLines, answerView, answerViewSchema } from '../answer.ts';
import { at, tool } from '../tool.ts';
import type { Line } from '../words.ts';

/** The snapshot that a reference means now, so that what is linked stays the same; null for live. */
export async function momentOf(context: Context, reference: string | null | undefined): Promise<string | null> {
  if (reference == null || isLive(reference)) return null;
  return String((await (await context.store()).resolve(reference)).id);
}

export const why = tool({
  name: 'why',
  title: 'Why can A not reach B?',
  description:
    'Can A reach B, and if not, what stops it: verdict, cause, the lines that prove it, and what would mend it. With `since`, also since when, and what turned it. With `probe`, one real packet says whether it is so.',
  input: questionInput.extend({
    at,
    since: z.boolean().default(false).describe('Look through the snapshots for when it turned, and by what.'),
    probe: z.boolean().default(false).describe('Send one real packet from the source too; needs the scope `probe`, and a service that is set to do so.'),
  }),
  output: answerViewSchema,
  run: async (context, { at: reference, since, probe, ...question }) =>
    answerView(await reachability(context, { question, at: reference ?? null, since, probe }), await momentOf(context, reference)),
  lines: answerLines,
});

const { question, verdict, symptom, summary, cause, summaryEvidence, evidence, since, uri } = answerViewSchema.shape;

export const sinceTool = tool({
  name: 'since',
  title: 'Since when, and by what?',
  description:
    'Since when A cannot (or can) reach B, as the kept snapshots tell, and the change that turned it; `proved`: undoing it alone turns the answer back.',
  input: questionInput.extend({ at }),
  output: z.object({ question, verdict, symptom, summary, summaryEvidence, evidence, since, uri }),
  run: async (context, { at: reference, ...asked }) =>
    answerView(await reachability(context, { question: asked, at: reference ?? null, since: true }), await momentOf(context, reference)),
  lines: (view) => [...answerLines(view).filter(({ label }) => label === 'Since when'), ...answerLines(view).slice(0, 1)],
});

const problem = z.object({ code: z.string(), message: z.string(), hint: z.string(), candidates: z.array(z.string()) });
const item = z.object({
  id: z.union([z.string(), z.number()]),
  answer: z.object({ question, verdict, symptom, summary, cause, summaryEvidence, evidence, uri }).nullable(),
  error: problem.nullable(),
});

export const whyBatch = tool({
  name: 'why_batch',
  heavy: true,
  title: 'Many questions at once',
  description: 'As `why`, for up to 100 questions: the answers come in the same order, each without its path; ask `why` for one in full.',
  input: z.strictObject({
    questions: z
      .array(questionInput.extend({ id: z.union([z.string().max(200), z.number()]).optional() }))
      .min(1)
      .max(100),
    at,
  }),
  output: z.object({ answers: z.array(item) }),
  run: async (context, { questions, at: reference }) => {
    const [items, moment] = [await reachabilityBatch(context, { questions, at: reference ?? null }), await momentOf(context, reference)];
    return {
      answers: items.map(({ id, answer, error }) => {
        const view = answer && answerView(answer, moment);
        const proof = view?.evidence.filter((entry) => view.summaryEvidence.includes(entry.id));
        return { id, answer: view && { ...view, evidence: proof }, error };
      }),
    };
  },
  lines: ({ answers }) =>
    answers.map(({ id, answer, error }): Line => {
      if (answer) return { label: `${answer.verdict} (${answer.symptom})`, says: answer.summary, backedBy: [...answer.summaryEvidence, answer.uri] };
      return { label: error?.code ?? 'INTERNAL', says: `${error?.message} ${error?.hint}`, backedBy: [`question ${id}`] };
    }),
});
