/** The shapes of flows for documents and for what comes over the wire; they follow src/flows. */
import { z } from 'zod';
import { PLACE_KINDS } from '../flows/places.ts';
import { VERDICTS } from '../model/answer.ts';
import { gapSchema } from './answer-schema.ts';
import { page } from './result-schemas.ts';
import { snapshotSchema } from './snapshot-schemas.ts';

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

const flowSetSchema = z
  .object({
    id: z.string(),
    sources: z.array(placeSchema),
    targets: z.array(placeSchema),
    protocol: z.enum(['tcp', 'udp', 'icmp']),
    ports: z.array(z.number().int()).describe('Of those that a listener, a rule or a mapping names; none for icmp.'),
    otherPorts: z.boolean().describe('It holds for every port that nothing names as well.'),
    verdict: z.enum(VERDICTS),
  })
  .meta({ id: 'FlowSet', description: 'Every source to every target, but for itself, on every port.' });

export const matrixSchema = page(flowSetSchema).extend({
  snapshot: snapshotSchema.nullable().describe('Null: live.'),
  summary: z.string(),
  gaps: z.array(gapSchema).describe('What could not be read and may leave flows UNDETERMINED.'),
});
