/** Shapes of what is found of intents and told. */
import { z } from 'zod';
import { VERDICTS } from '../model/answer.ts';
import { INTENT_STATES } from '../model/intent.ts';
import { DELIVERY_STATES } from '../model/notice.ts';
import { causeSchema } from './answer-schema.ts';

const count = z.number().int();
const text = z.string();
const state = z.enum(INTENT_STATES);

export const findingSchema = z
  .object({
    intent: text,
    state,
    sentence: text,
    cause: causeSchema.nullable(),
    witness: z
      .object({ from: text, to: text, protocol: z.enum(['tcp', 'udp', 'icmp']), port: count.nullable(), verdict: z.enum(VERDICTS) })
      .nullable()
      .describe('The first flow that fails; else the first that is undecided; else the first.'),
    flows: count.describe('How many were asked.'),
    failing: count,
    undecided: count,
    complete: z.boolean().describe('False: there are more flows than are asked, and the counts are of those that were.'),
    needs: z.array(text).describe('What would settle it.'),
    candidates: z.array(text).describe('Nearest names, for an intent that names nobody.'),
  })
  .meta({ id: 'IntentFinding' });

export const intentPeriodSchema = z
  .object({
    finding: findingSchema,
    from: count.describe('Id of the first snapshot in which it was so.'),
    to: count.nullable().describe('Id of the first one in which it was no longer so; null: still so in the newest.'),
  })
  .meta({ id: 'IntentPeriod' });

const delivery = z.object({ target: text, state: z.enum(DELIVERY_STATES), attempts: count, nextAttempt: text, lastError: text.nullable() });

export const noticeSchema = z
  .object({
    id: count.describe('A number that is never used again.'),
    key: text.describe('The same event again has the same.'),
    at: text.describe('ISO 8601, UTC: when the snapshot was taken.'),
    snapshotId: count,
    intent: text,
    before: state,
    after: state,
    finding: findingSchema,
    changes: text.nullable().describe('What changed since the snapshot before; null when that one is gone.'),
    text: text.describe('All of it as one text for a person.'),
    deliveries: z.array(delivery),
  })
  .meta({ id: 'Notice' });
