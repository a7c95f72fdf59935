import { z } from 'zod';
import { UserError } from '../../model/errors.ts';
import type { HostFacts } from '../../model/facts.ts';
import type { Model } from '../../model/model.ts';
import { nearest } from '../../util/nearest.ts';
import { at, tool } from '../tool.ts';

const LINES = 50;

const fact = z.object({
  source: z.string(),
  netns: z.string().nullable().describe('Network namespace; null for the whole host.'),
  status: z.enum(['ok', 'absent', 'failed']),
  reason: z.string().nullable(),
  lineCount: z.number().int(),
  lines: z.array(z.object({ number: z.number().int(), text: z.string() })).describe('None unless `source` is given.'),
});

function hostOf(all: readonly HostFacts[], name: string): HostFacts {
  const found = all.find(({ host }) => host === name);
  if (found) return found;
  const names = all.map(({ host }) => host);
  throw new UserError('NOT_FOUND', `There is no host ${JSON.stringify(name)}.`, `Hosts: ${names.slice(0, 20).join(', ')}.`, nearest(name, names));
}

/** What a person calls a namespace; its inode where nothing is known of it. */
const nameOf = (model: Model, host: string, inode: string | null) => inode && (model.namespaces.get(`${host}/${inode}`)?.key ?? inode);

const linesOf = (data: string) => data.replace(/\n$/, '').split('\n');

export const factsTool = tool({
  name: 'facts',
  title: 'What a host said, verbatim',
  description: `The lines that evidence points at, and those around them: what each source of a host printed. Without \`source\`, which sources there are; with it, ${LINES} lines from \`fromLine\`.`,
  input: z.strictObject({
    host: z.string().min(1).max(200),
    source: z.string().max(100).nullish().describe('As `collector` in evidence, for example `iptables-nft`.'),
    netns: z.string().max(500).nullish().describe('Network namespace, as in evidence: `host`, `container:NAME`, `netns:NAME`.'),
    fromLine: z.number().int().min(1).default(1),
    at,
  }),
  output: z.object({ host: z.string(), collectedAt: z.string(), facts: z.array(fact) }),
  run: async (context, { host, source, netns, fromLine, at: reference }) => {
    const estate = await context.estates.at(reference);
    const { collectedAt, facts } = hostOf(estate.facts, host);
    const all = facts.map((entry) => ({ ...entry, netns: nameOf(estate.model, host, entry.netns) }));
    const wanted = all.filter((entry) => (source == null || entry.source === source) && (netns == null || entry.netns === netns));
    return {
      ...{ host, collectedAt },
      facts: wanted.map(({ data, reason, ...entry }) => {
        const lines = entry.status === 'ok' ? linesOf(data) : [];
        const some = source == null ? [] : lines.slice(fromLine - 1, fromLine - 1 + LINES);
        return { ...entry, reason: reason ?? null, lineCount: lines.length, lines: some.map((text, i) => ({ number: fromLine + i, text })) };
      }),
    };
  },
  lines: ({ host, collectedAt, facts: all }) =>
    all.map((entry) => ({
      label: `${entry.source} ${entry.status}`,
      says: `${host}${entry.netns === null ? '' : ` namespace ${entry.netns}`}: ${entry.reason ?? `${entry.lineCount} lines`}`,
      backedBy: [`${host}@${collectedAt}`],
    })),
});
