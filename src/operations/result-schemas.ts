/** Shapes of what the other operations return. */
import { z } from 'zod';
import { CHANGE_KINDS } from '../model/change.ts';
import { ENTITY_KINDS } from '../model/snapshot.ts';
import { gapSchema } from './answer-schema.ts';
import { lastKnownSchema } from './last-known.ts';
import { changeGroupSchema, changeSchema, snapshotSchema } from './snapshot-schemas.ts';
import { type ViewName, views } from './views/index.ts';

const count = z.number().int();

export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    totalCount: count.describe('Of all pages.'),
    hasNextPage: z.boolean(),
    hasPreviousPage: z.boolean(),
    startCursor: z.string().nullable(),
    endCursor: z.string().nullable().describe('Give it as `after` for the next page.'),
  });

const entity = (view: ViewName) => (views[view].entity as z.ZodType).meta({ id: views[view].kind[0]!.toUpperCase() + views[view].kind.slice(1) });

export const listSchema = (view: ViewName) =>
  page(entity(view)).extend({
    snapshot: snapshotSchema.nullable().describe('Null: live.'),
    gaps: z.array(gapSchema).describe('What could not be read and may hide entries.'),
    lastKnown: z.array(lastKnownSchema).describe('Hosts of which nothing could be read.'),
  });

export const diffSchema = z
  .object({
    from: snapshotSchema.nullable(),
    to: snapshotSchema.nullable(),
    lastKnown: z.array(lastKnownSchema).describe('Hosts that could not be read in `from`, and could in `to`: compared with their last known state.'),
    summary: z.string(),
    changes: z.array(changeSchema),
    groups: z.array(changeGroupSchema).describe('The same, by what happened.'),
    incomparable: z.array(z.object({ host: z.string(), kind: z.enum(CHANGE_KINDS), reason: z.string() })),
  })
  .meta({ id: 'Diff' });

export const searchSchema = z.array(
  z
    .object({
      kind: z.enum(ENTITY_KINDS),
      id: z.string(),
      host: z.string(),
      name: z.string(),
      addresses: z.array(z.string()),
      data: z.unknown(),
      firstSeen: count,
      lastSeen: count,
      snapshotCount: count,
    })
    .meta({ id: 'SearchHit' }),
);

export const factsSchema = z.array(
  z
    .object({
      version: z.literal(1),
      host: z.string(),
      collectedAt: z.string(),
      facts: z.array(z.looseObject({ source: z.string(), netns: z.string().nullable(), status: z.enum(['ok', 'absent', 'failed']), data: z.string() })),
    })
    .meta({ id: 'HostFacts' }),
);
