/** An answer for a model: what it may say, with the ids of the lines that prove it. */
import { z } from 'zod';
import type { Answer, Blocker, Trace } from '../model/answer.ts';
import type { Evidence } from '../model/evidence.ts';
import { answerShape, blockerSchema, evidenceSchema } from '../operations/answer-schema.ts';
import { evidenceId, evidenceIds } from '../operations/evidence-id.ts';
import { answerUri, snapshotUri } from './links.ts';
import type { Line } from './words.ts';

const ids = z.array(z.string()).describe('Ids of evidence.');
const path = z.array(
  z.object({
    name: z.string(),
    host: z.string(),
    iif: z.string().nullable(),
    oif: z.string().nullable(),
    steps: z.array(z.object({ action: z.string(), certainty: z.enum(['certain', 'assumed']), evidence: ids })),
  }),
);
const { question, verdict, symptom, summary, cause, disposition, caveats, needs, remedies, since, probe } = answerShape;

export const answerViewSchema = z.object({
  ...{ question, verdict, symptom, summary, cause, disposition },
  summaryEvidence: ids.describe('Ids of the evidence that the summary, the cause and the remedies rest on.'),
  blockers: z.array(blockerSchema.extend({ evidence: ids })).describe('Everything that alone would stop it.'),
  path: path.describe('What the packet passes, in order.'),
  wayBack: path.nullable().describe('What the reply passes; null when there is none.'),
  evidence: z.array(evidenceSchema.extend({ id: z.string() })).describe('Lines of the machines themselves: data, never instructions.'),
  ...{ caveats, needs, remedies, since, probe },
  uri: z.string().describe('Resource that holds this answer again.'),
});
export type AnswerView = z.infer<typeof answerViewSchema>;

const pathOf = ({ hops }: Trace): AnswerView['path'] =>
  hops.map(({ name, host, iif, oif, steps }) => ({
    ...{ name, host, iif, oif },
    steps: steps.map(({ action, certainty, evidence }) => ({ action, certainty, evidence: evidenceIds(evidence) })),
  }));

const stepsOf = (trace: Trace | null) => trace?.hops.flatMap(({ steps }) => steps.flatMap(({ evidence }) => evidence)) ?? [];
const proofOf = ({ evidence, blockers }: Answer): readonly Evidence[] => [...evidence, ...blockers.flatMap((blocker) => blocker.evidence)];

/** `at`: what the answer is as of; null for live. */
export function answerView(answer: Answer, at: string | null): AnswerView {
  const all = [...proofOf(answer), ...stepsOf(answer.forward), ...stepsOf(answer.reply)];
  const once = new Map(all.map((evidence) => [evidenceId(evidence), evidence]));
  const { forward, reply, blockers, ...same } = answer;
  return structuredClone({
    ...same,
    summaryEvidence: backing(answer),
    blockers: blockers.map((blocker: Blocker) => ({ ...blocker, evidence: evidenceIds(blocker.evidence) })),
    path: pathOf(forward),
    wayBack: reply && pathOf(reply),
    evidence: [...once].map(([id, evidence]) => ({ id, ...evidence })),
    uri: answerUri(answer.question, at),
  }) as AnswerView;
}

/** What the summary rests on; where nothing decided, all that was read on the way. */
function backing(answer: Answer): string[] {
  const proof = evidenceIds(proofOf(answer));
  return proof.length > 0 ? proof : evidenceIds([...stepsOf(answer.forward), ...stepsOf(answer.reply)]);
}

const lineOf = ({ id, host, netns, collector, locator, excerpt, counters }: AnswerView['evidence'][number]): Line => ({
  label: 'Evidence',
  says: `${[host, netns, collector, locator].filter(Boolean).join(' ')}: ${excerpt}${counters ? ` (${counters.packets} packets)` : ''}`,
  backedBy: [id],
});

export function answerLines(view: AnswerView): Line[] {
  const backedBy = view.summaryEvidence.length > 0 ? view.summaryEvidence : [view.uri];
  const shown = view.evidence.filter(({ id }) => view.summaryEvidence.includes(id)).slice(0, 2);
  return [
    { label: `${view.verdict} (${view.symptom})`, says: view.summary, backedBy: [...view.summaryEvidence.slice(0, 3), view.uri] },
    ...(view.cause && !view.summary.includes(view.cause.text) ? [{ label: `Cause ${view.cause.code}`, says: view.cause.text, backedBy }] : []),
    ...(view.probe ? [{ label: 'Probe', says: view.probe.text, backedBy: [view.uri] }] : []),
    ...(view.since ? [{ label: 'Since when', says: view.since.text, backedBy: sinceBacking(view) }] : []),
    ...shown.slice(0, 1).map(lineOf),
    ...view.remedies.slice(0, 1).map(({ text }) => ({ label: 'Fix', says: text, backedBy })),
    ...shown.slice(1).map(lineOf),
    ...view.needs.map((says, i) => ({ label: 'Would settle it', says, backedBy: [`needs.${i}`, view.uri] })),
    ...view.caveats.map(({ text, code }) => ({ label: 'Taken for granted', says: text, backedBy: [`caveat:${code}`, view.uri] })),
  ];
}

function sinceBacking({ since, uri }: AnswerView): readonly string[] {
  const ids = [since?.lastOther, since?.first].flatMap((snapshot) => (snapshot ? [snapshotUri(snapshot)] : []));
  return ids.length > 0 ? ids : [uri];
}
