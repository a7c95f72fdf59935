/** The shapes of an answer for documents and for answers that come over the wire; they follow src/model/answer.ts. */
import { z } from 'zod';
import { type Answer, CAUSES, DISPOSITIONS, PROBE_OUTCOMES, SYMPTOMS, VERDICTS } from '../model/answer.ts';
import type { Packet } from '../model/packet.ts';
import { sinceSchema } from './snapshot-schemas.ts';

const text = z.string();
const family = z.union([z.literal(4), z.literal(6)]);
const protocol = z.enum(['tcp', 'udp', 'icmp']);
const number = z.number();

export const gapSchema = z.object({ host: text, netns: text.nullable(), source: text, reason: text }).meta({ id: 'Gap' });

export const evidenceSchema = z
  .object({
    host: text,
    netns: text.nullable(),
    collector: text,
    locator: text,
    excerpt: text,
    counters: z.object({ packets: number, bytes: number }).optional(),
    collectedAt: text,
  })
  .meta({ id: 'Evidence' });

const icmp = { type: number, code: number };
const packet: z.ZodType<Packet> = z
  .object({
    family,
    protocol,
    src: text,
    dst: text,
    sport: number,
    dport: number,
    mark: number,
    ttl: number,
    dscp: number,
    length: number,
    tcpFlags: number,
    icmp: z.object(icmp).nullable(),
    error: z.object({ ...icmp, about: z.lazy(() => packet) }).nullable(),
  })
  .meta({ id: 'Packet' });

export const causeSchema = z.object({ code: z.enum(CAUSES), parameters: z.record(text, text), text }).meta({ id: 'Cause' });

const step = z.object({
  stage: text,
  action: text,
  certainty: z.enum(['certain', 'assumed']),
  before: packet.optional(),
  after: packet.optional(),
  evidence: z.array(evidenceSchema),
});
const hop = z.object({ netns: text, name: text, host: text, iif: text.nullable(), oif: text.nullable(), steps: z.array(step) });
const trace = z.object({ disposition: z.enum(DISPOSITIONS), hops: z.array(hop) }).meta({ id: 'Trace' });

export const blockerSchema = z
  .object({
    cause: causeSchema,
    disposition: z.enum(DISPOSITIONS),
    direction: z.enum(['request', 'reply']),
    host: text,
    netns: text,
    namespaceName: text,
    rule: z.object({ backend: text, family: text, table: text, chain: text, position: number.nullable(), text }).nullable(),
    symptom: z.enum(SYMPTOMS),
    evidence: z.array(evidenceSchema),
  })
  .meta({ id: 'Blocker' });

export const questionSchema = z
  .object({
    from: text,
    to: text,
    protocol,
    port: number.nullable(),
    sourcePort: number.optional(),
    sourceAddress: text.optional(),
    family: family.optional(),
  })
  .meta({ id: 'Question' });

const probeSchema = z
  .object({ outcome: z.enum(PROBE_OUTCOMES), symptom: z.enum(SYMPTOMS), milliseconds: number, agrees: z.boolean().nullable(), text })
  .meta({ id: 'Probe' });

export const answerShape = {
  question: questionSchema,
  verdict: z.enum(VERDICTS),
  symptom: z.enum(SYMPTOMS),
  summary: text,
  cause: causeSchema.nullable(),
  disposition: z.enum(DISPOSITIONS),
  blockers: z.array(blockerSchema),
  forward: trace,
  reply: trace.nullable(),
  evidence: z.array(evidenceSchema),
  caveats: z.array(z.object({ code: text, text })),
  needs: z.array(text),
  remedies: z.array(z.object({ text, commands: z.array(z.object({ host: text, argv: z.array(text) })), sideEffects: z.array(text) })),
  since: sinceSchema.nullable(),
  probe: probeSchema.nullable(),
};

export const answerSchema: z.ZodType<Answer> = z.object(answerShape).meta({ id: 'Answer' });

const problemSchema = z.object({ code: text, message: text, hint: text, candidates: z.array(text) }).meta({ id: 'Problem' });

const id = z.union([text, number]);
/** An item of a batch as JSON: the answer's fields beside its id, or an error. */
export const batchItemSchema = z.union([z.object({ id, ...answerShape }), z.object({ id, error: problemSchema })]).meta({ id: 'BatchItem' });
