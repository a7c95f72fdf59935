import { z } from 'zod';
import { evidenceSchema, gapSchema } from '../../operations/answer-schema.ts';
import { evidenceId } from '../../operations/evidence-id.ts';
import { list } from '../../operations/list.ts';
import { page } from '../../operations/result-schemas.ts';
import { snapshotSchema } from '../../operations/snapshot-schemas.ts';
import { views } from '../../operations/views/index.ts';
import { snapshotUri } from '../links.ts';
import { at, paging, tool } from '../tool.ts';
import { pageLine } from '../words.ts';

const finding = (views.findings.entity as unknown as z.ZodReadonly<z.ZodObject>)
  .unwrap()
  .extend({ evidence: z.array(evidenceSchema.extend({ id: z.string() })) });

export const findingsTool = tool({
  name: 'findings',
  heavy: true,
  title: 'What is wrong without anybody asking',
  description: 'Defects and risks of hosts, networks and containers, the worst first, each with its evidence and what mends it; mend `causedBy` first.',
  input: z.strictObject({ filter: views.findings.filter.default({}), at, ...paging }),
  output: page(finding).extend({ snapshot: snapshotSchema.nullable().describe('Null: live.'), gaps: z.array(gapSchema) }),
  run: async (context, { filter, at: reference, first, after }) => {
    const found = await list(context, 'findings', { filter, at: reference ?? null, first, after: after ?? null });
    return { ...found, items: found.items.map((item) => ({ ...item, evidence: item.evidence.map((line) => ({ ...line, id: evidenceId(line) })) })) };
  },
  lines: (found) => [
    { label: 'Findings', says: `${found.totalCount} found`, backedBy: [snapshotUri(found.snapshot)] },
    ...found.items.map(({ severity, code, text, remedy, id, evidence }) => ({
      label: `${severity} ${code}`,
      says: remedy === null ? text : `${text} Fix: ${remedy}`,
      backedBy: [...evidence.slice(0, 2).map((line) => line.id), id],
    })),
    ...pageLine(found, found.items.length),
  ],
});
