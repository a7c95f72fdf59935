/** Shapes of snapshots and of what they say of the past. */
import { z } from 'zod';
import { CHANGE_KINDS, GROUP_KINDS } from '../model/change.ts';
import { SINCE_STATES, type Since } from '../model/since.ts';
import { ENTITY_KINDS } from '../model/snapshot.ts';

const count = z.number().int();

export const snapshotSchema = z
  .object({
    id: count.describe('A number that is never used again.'),
    takenAt: z.string().describe('ISO 8601, UTC.'),
    label: z.string().nullable(),
    pinned: z.boolean().describe('Kept for ever.'),
    hostCount: count,
    networkCount: count,
    endpointCount: count,
    natRuleCount: count,
    gapCount: count,
  })
  .meta({ id: 'Snapshot' });

const fieldChangeSchema = z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }).meta({ id: 'FieldChange' });

export const changeSchema = z
  .object({
    kind: z.enum(CHANGE_KINDS),
    action: z.enum(['added', 'removed', 'changed']),
    host: z.string(),
    key: z.string(),
    text: z.string(),
    fields: z.array(fieldChangeSchema),
  })
  .meta({ id: 'Change' });

export const historySchema = z.array(
  z
    .object({
      kind: z.enum(ENTITY_KINDS),
      id: z.string(),
      host: z.string(),
      name: z.string(),
      values: z
        .array(
          z.object({
            from: snapshotSchema.describe('The first snapshot that has it.'),
            until: snapshotSchema.nullable().describe('The first one after it in which it was otherwise, or gone; null: it is still so.'),
            data: z.unknown(),
            changes: z.array(fieldChangeSchema).describe('Against the value before.'),
          }),
        )
        .describe('Oldest first.'),
    })
    .meta({ id: 'ObjectHistory' }),
);

export const changeGroupSchema = z
  .object({
    title: z.string().describe('What happened, in one line.'),
    host: z.string(),
    kind: z.enum(GROUP_KINDS),
    name: z.string().nullable().describe('Of the container or network.'),
    members: z.array(count).describe('Places in `changes`, from 0.'),
  })
  .meta({ id: 'ChangeGroup' });

export const sinceSchema: z.ZodType<Since> = z
  .object({
    state: z.enum(SINCE_STATES),
    text: z.string().describe('One sentence for a person.'),
    lastOther: snapshotSchema.nullable().describe('The last snapshot in which it was the other way.'),
    first: snapshotSchema.nullable().describe('The first one after it in which it is as now; null: it turned after the newest.'),
    changes: z.array(changeSchema).describe('What turned it, the most telling first.'),
    proved: z.boolean().describe('Undoing some of these changes in the model, and nothing else, turned the answer back.'),
    evaluated: count.describe('How many snapshots the question was asked of.'),
    certain: z.boolean().describe('False: it may have turned to and fro in snapshots that were not asked.'),
  })
  .meta({ id: 'Since' });
