import { z } from 'zod';
import { parseTarget } from '../engine/resolve/parse-target.ts';
import { UserError } from '../model/errors.ts';
import type { Question } from '../model/question.ts';
import { familyOf } from '../util/ip.ts';
import { parseInput } from './parse-input.ts';

const reference = z.string().min(1).max(1000);
const port = z.number().int().min(1).max(65535);

/** A question as doors take it: `to` may hold the port and the protocol. */
export const questionInput = z.strictObject({
  from: reference.describe('Container name, id or id prefix; `project/service`; `host:NAME`; `netns:NAME`; an IP address; `internet`.'),
  to: reference.describe('As `from`, or a DNS name as the source would resolve it; with `:port`, `/udp`, or as a URL.'),
  port: port.nullish().describe('Destination port, unless `to` has it.'),
  protocol: z.enum(['tcp', 'udp', 'icmp']).nullish().describe('tcp unless `to` says otherwise; icmp asks for an echo.'),
  sourceAddress: z
    .string()
    .refine((text) => familyOf(text) !== null, 'is not an IP address')
    .nullish()
    .describe('Address that the source binds to.'),
  sourcePort: port.nullish().describe('Port that the source binds to.'),
  family: z
    .union([z.literal(4), z.literal(6)])
    .nullish()
    .describe('4 or 6, where a name has addresses of both.'),
});
export type QuestionInput = z.infer<typeof questionInput>;

/** Throws UserError BAD_QUESTION. `where` names the place in a larger input. */
export function parseQuestion(raw: unknown, where = 'question'): Question {
  const input = parseInput(questionInput, raw, 'BAD_QUESTION', where);
  const target = parseTarget(input.to);
  const agreed = <T>(name: string, given: T | null | undefined, inTarget: T | null | undefined): T | null => {
    if (given != null && inTarget != null && given !== inTarget) {
      throw new UserError('BAD_QUESTION', `${where} has two values for ${name}: ${given}, and ${inTarget} in ${JSON.stringify(input.to)}.`, 'Give it once.');
    }
    return given ?? inTarget ?? null;
  };
  const protocol = agreed('protocol', input.protocol, target.protocol) ?? 'tcp';
  const asked = agreed('port', input.port, target.port);
  if (protocol !== 'icmp' && asked === null) {
    throw new UserError('BAD_QUESTION', `${where} names no port.`, `Ask for one, for example ${input.to}:80.`);
  }
  return {
    from: input.from,
    to: target.to,
    protocol,
    port: protocol === 'icmp' ? null : asked,
    ...(input.sourcePort != null && { sourcePort: input.sourcePort }),
    ...(input.sourceAddress != null && { sourceAddress: input.sourceAddress }),
    ...(input.family != null && { family: input.family }),
  };
}
