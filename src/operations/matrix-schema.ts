/** The shapes of flows for documents and for what comes over the wire; they follow src/flows. */
import { z } from 'zod';
import { PLACE_KINDS } from '../flows/places.ts';
import { VERDICTS } from '../model/answer.ts';
import { gapSchema, questionSchema } from './answer-schema.ts';
import { page } from './result-schemas.ts';
import { changeSchema, snapshotSchema } from './snapshot-schemas.ts';

export { PLACE_KINDS };
export type PlaceKind = (typeof PLACE_KINDS)[number];

const placeSchema = z
  .object({
    kind: z.enum(PLACE_KINDS),
    host: z.string().nullable().describe('Null for the internet.'),
    name: z.string(),
    networks: z.array(z.string()).describe('Docker networks of a container.'),
    reference: z.string().describe('What a question calls it.'),
  })
  .meta({ id: 'Place' });

const flows = z.object({
  id: z.string(),
  sources: z.array(placeSchema),
  targets: z.array(placeSchema),
  protocol: z.enum(['tcp', 'udp', 'icmp']),
  ports: z.array(z.number().int()).describe('Of those that a listener, a rule or a mapping names; none for icmp.'),
  otherPorts: z.boolean().describe('It holds for every port that nothing names, by itself or in a range, as well.'),
});

export const flowSetSchema = flows
  .extend({ verdict: z.enum(VERDICTS) })
  .meta({ id: 'FlowSet', description: 'Every source to every target, but for itself, on every port.' });

export const matrixSchema = page(flowSetSchema).extend({
  snapshot: snapshotSchema.nullable().describe('Null: live.'),
  summary: z.string(),
  gaps: z.array(gapSchema).describe('What could not be read and may leave flows UNDETERMINED.'),
});

const outcome = z.enum(VERDICTS).nullable();

export const flowChangeSchema = flows
  .extend({
    before: outcome.describe('Null: one of the two ends was not there.'),
    after: outcome.describe('Null: one of the two ends is not there.'),
    witness: questionSchema.describe('One of them, as it would be asked.'),
    changes: z.array(changeSchema).describe('What did it, the most telling first; empty: it was not found, or not looked for any more.'),
    proved: z.boolean().describe('Undoing these changes alone turned the witness back.'),
  })
  .meta({ id: 'FlowChange', description: 'Every source to every target, but for itself, on every port.' });

export const flowDiffSchema = page(flowChangeSchema)
  .extend({
    from: snapshotSchema.nullable().describe('Null: live.'),
    to: snapshotSchema.nullable().describe('Null: live.'),
    summary: z.string(),
  })
  .meta({ id: 'FlowDiff' });
