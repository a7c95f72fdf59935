import { z } from 'zod';
import type { IntentFinding, IntentPeriod } from '../../model/intent.ts';
import { check } from '../../operations/check.ts';
import { findingSchema, intentPeriodSchema, noticeSchema } from '../../operations/intent-schemas.ts';
import { intentHistory, intents } from '../../operations/intents.ts';
import { listNotices } from '../../operations/notices.ts';
import { page } from '../../operations/result-schemas.ts';
import { snapshotSchema } from '../../operations/snapshot-schemas.ts';
import { answerUri } from '../links.ts';
import { at, paging, tool } from '../tool.ts';
import { type Line, pageLine } from '../words.ts';

/** The flow that shows it can be asked again; without one, the intent itself names nobody. */
const lineOf = ({ intent, state, sentence, witness }: IntentFinding, place: string, moment: string | null): Line => ({
  label: state,
  says: `${intent}: ${sentence}`,
  backedBy: [place, ...(witness ? [answerUri(witness, moment)] : [])],
});

const periodLine = ({ finding, from }: IntentPeriod, place: string): Line => lineOf(finding, place, String(from));

const written = z.string().min(1).max(1000);

export const checkTool = tool({
  name: 'check',
  heavy: true,
  title: 'Do intents hold?',
  description: 'Checks what must hold, such as `web must reach db:5432`, `internet must not reach db` or `only proxy may reach app:8080`.',
  input: z.strictObject({ intents: z.array(written).max(100).nullish().describe('Those of the configuration when not given.'), at }),
  output: z.object({ snapshot: snapshotSchema.nullable().describe('Null: live.'), findings: z.array(findingSchema) }),
  run: (context, input) => check(context, { intents: input.intents ?? null, at: input.at ?? null }),
  lines: ({ findings, snapshot }) => findings.map((finding, i) => lineOf(finding, `findings.${i}`, snapshot === null ? null : String(snapshot.id))),
});

export const intentsTool = tool({
  name: 'intents',
  title: 'Intents, as last checked',
  description: 'What the intents of the configuration were found to be when a snapshot was taken; the latest when none is given.',
  input: z.strictObject({ at }),
  output: z.object({ snapshot: snapshotSchema, intents: z.array(intentPeriodSchema) }),
  run: (context, input) => intents(context, { at: input.at ?? null }),
  lines: (found) => found.intents.map((period, i) => periodLine(period, `intents.${i}`)),
});

export const intentHistoryTool = tool({
  name: 'intent_history',
  title: 'Every value that an intent had',
  description: 'What one intent was found to be over the kept history, newest first.',
  input: z.strictObject({ intent: written.describe('As it is written in the configuration.'), ...paging }),
  output: page(intentPeriodSchema),
  run: (context, { intent, first, after }) => intentHistory(context, { intent, first, after: after ?? null }),
  lines: (found) => [...found.items.map((period, i) => periodLine(period, `items.${i}`)), ...pageLine(found, found.items.length)],
});

export const noticesTool = tool({
  name: 'notices',
  title: 'Verdicts that changed',
  description: 'Intents that began or ceased to hold, newest first, with what changed, and how far each was told.',
  input: z.strictObject({ dead: z.boolean().default(false).describe('Those alone that could not be delivered somewhere.'), ...paging }),
  output: page(noticeSchema),
  run: (context, { dead, first, after }) => listNotices(context, { dead, first, after: after ?? null }),
  lines: (found) => [
    ...found.items.map(({ id, text, snapshotId }) => ({ label: 'Notice', says: text, backedBy: [`notice:${id}`, `netwhy://snapshot/${snapshotId}`] })),
    ...pageLine(found, found.items.length),
  ],
});
