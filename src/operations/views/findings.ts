import { z } from 'zod';
import { findings as findingsOf } from '../../findings/index.ts';
import { HOST_SOURCES, NETNS_SOURCES } from '../../model/facts.ts';
import { FINDING_CODES, type Finding, SEVERITIES } from '../../model/finding.ts';
import { evidenceSchema } from '../answer-schema.ts';
import { ruleId } from './rule-parts.ts';
import { equal, filters, hasText, type View, withUniqueIds } from './view.ts';

const entity: z.ZodType<Finding> = z
  .object({
    id: z.string().describe('Stable id: host, code and subject.'),
    host: z.string().describe('Host that it was found on.'),
    code: z.enum(FINDING_CODES).describe('What kind of defect it is; docs/findings.md tells of each.'),
    severity: z.enum(SEVERITIES).describe('How much it matters.'),
    title: z.string().describe('The kind of defect, in a few words.'),
    subject: z
      .object({
        kind: z.string().describe('host, network, container, natRule, interface or process.'),
        name: z.string().describe('What a person calls it.'),
        id: z.string().describe('Its id, as lists give it; one of its own kind where no list has it.'),
      })
      .readonly()
      .describe('What it is about.'),
    container: z.string().nullable().describe('Name of the container that it concerns, if it is one.'),
    text: z.string().describe('What was found, in one sentence.'),
    why: z.string().describe('What follows from it.'),
    evidence: z.array(evidenceSchema).readonly().describe('The lines that it was concluded from.'),
    remedy: z.string().nullable().describe('A command, typed on that host, that mends it or shows more; null where there is no single one.'),
    causedBy: z.string().nullable().describe('Id of the finding that this one follows from: mend that first.'),
  })
  .readonly();

const filter = z.strictObject({
  host: filters.host,
  severity: z.enum(SEVERITIES).optional().describe('HIGH, MEDIUM or LOW.'),
  code: z.enum(FINDING_CODES).optional().describe('Kind of defect, as in docs/findings.md.'),
  container: z.string().optional().describe('Name of the container that it concerns.'),
  text: filters.text,
});

/** The worst first; what follows from another stands behind it. */
export const findings: View<Finding, z.infer<typeof filter>> = {
  kind: 'finding',
  entity,
  filter,
  sources: [...HOST_SOURCES, ...NETNS_SOURCES],
  list: (model) => withUniqueIds(findingsOf(model, (placed) => ruleId('natRule', placed))),
  matches: (finding, wanted) =>
    equal(wanted.host, finding.host) &&
    equal(wanted.severity, finding.severity) &&
    equal(wanted.code, finding.code) &&
    equal(wanted.container, finding.container) &&
    hasText(finding, wanted.text),
};
