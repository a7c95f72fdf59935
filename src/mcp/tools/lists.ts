import { z } from 'zod';
import { gapSchema } from '../../operations/answer-schema.ts';
import { findNode } from '../../operations/find-node.ts';
import { history, historyInput } from '../../operations/history.ts';
import { lastKnownSchema } from '../../operations/last-known.ts';
import { list } from '../../operations/list.ts';
import { page, searchSchema } from '../../operations/result-schemas.ts';
import { search, searchInput } from '../../operations/search.ts';
import { historySchema, snapshotSchema } from '../../operations/snapshot-schemas.ts';
import { VIEW_NAMES, type ViewName, views } from '../../operations/views/index.ts';
import { nodeUri, snapshotUri } from '../links.ts';
import { at, paging, tool } from '../tool.ts';
import { pageLine } from '../words.ts';
import { momentOf } from './why.ts';

const kebab = (view: ViewName) => view.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** Findings have a tool of their own. */
const KINDS = new Map(VIEW_NAMES.filter((view) => view !== 'findings').map((view) => [kebab(view), view]));
const filtersOf = (view: ViewName) => Object.keys((views[view].filter as z.ZodObject).shape).join(', ');

const entity = z.looseObject({ id: z.string(), host: z.string() });
/** A thing's own name, or the line that it is. */
function nameOf(thing: { readonly id: string }): string {
  const { name, text, containerName } = thing as { readonly name?: string; readonly text?: string; readonly containerName?: string };
  return name ?? text ?? containerName ?? thing.id;
}

export const listTool = tool({
  name: 'list',
  title: 'List what is there',
  description: `Lists ${[...KINDS.keys()].join(', ')}. Filters: ${[...KINDS].map(([name, view]) => `${name}: ${filtersOf(view)}`).join('; ')}.`,
  input: z.strictObject({
    kind: z.enum([...KINDS.keys()]).describe('What to list.'),
    filter: z
      .record(z.string().max(50), z.union([z.string().max(1000), z.number()]))
      .default({})
      .describe('Names are compared whole; `text` is searched for in all fields.'),
    at,
    ...paging,
  }),
  output: page(entity).extend({
    snapshot: snapshotSchema.nullable().describe('Null: live.'),
    gaps: z.array(gapSchema).describe('What could not be read and may hide entries.'),
    lastKnown: z.array(lastKnownSchema).describe('Hosts of which nothing could be read.'),
  }),
  run: (context, { kind, filter, at: reference, first, after }) =>
    list(context, KINDS.get(kind)!, { filter, at: reference ?? null, first, after: after ?? null }),
  lines: (found, { kind }) => [
    {
      label: 'Listed',
      says: `${found.totalCount} ${kind}${found.gaps.length > 0 ? `; ${found.gaps.length} facts could not be read` : ''}`,
      backedBy: [snapshotUri(found.snapshot)],
    },
    ...found.items.map((item) => ({ label: item.host, says: nameOf(item), backedBy: [item.id] })),
    ...pageLine(found, found.items.length),
  ],
});

export const getTool = tool({
  name: 'get',
  title: 'One thing by its id',
  description: 'A host, network, container, endpoint, rule, route or listener in full, by the `id` that a list or a search gave.',
  input: z.strictObject({ id: z.string().min(1).max(2000), at }),
  output: z.object({ node: entity, uri: z.string() }),
  run: async (context, { id, at: reference }) => ({
    node: await findNode(context, { id, at: reference ?? null }),
    uri: nodeUri(id, await momentOf(context, reference)),
  }),
  lines: ({ node, uri }) => [{ label: node.host, says: nameOf(node), backedBy: [node.id, uri] }],
});

export const searchTool = tool({
  name: 'search',
  title: 'Look through all snapshots',
  description: 'Finds hosts, networks, containers, endpoints and NAT rules by part of a name or id, or by a whole address, in all snapshots or in one.',
  input: searchInput.extend({ first: z.number().int().min(1).max(100).default(20).describe('At most so many.') }),
  output: z.object({ hits: searchSchema }),
  run: async (context, input) => ({ hits: await search(context, input) }),
  lines: ({ hits }, { text }) => [
    { label: 'Found', says: `${hits.length} for ${text}`, backedBy: hits.map(({ id }) => id) },
    ...hits.map(({ kind, name, host, addresses, id, firstSeen, lastSeen }) => ({
      label: kind,
      says: `${name} on ${host}${addresses.length > 0 ? ` (${addresses.join(', ')})` : ''}`,
      backedBy: [id, `netwhy://snapshot/${firstSeen}`, `netwhy://snapshot/${lastSeen}`],
    })),
  ],
});

export const historyTool = tool({
  name: 'history',
  title: 'Every value that a thing had',
  description: 'Every value that a host, network, container, endpoint or NAT rule had in the kept history, from when to when, and what changed each time.',
  input: historyInput,
  output: z.object({ objects: historySchema }),
  run: async (context, input) => ({ objects: await history(context, input) }),
  lines: ({ objects }) =>
    objects.flatMap(({ kind, name, host, id, values }) =>
      values.toReversed().map(({ from, until, changes }) => ({
        label: kind,
        says: `${name} on ${host} from ${from.takenAt} to ${until?.takenAt ?? 'now'}${changes.length > 0 ? `: ${changes.map(({ field }) => field).join(', ')} changed` : ''}`,
        backedBy: [id, snapshotUri(from)],
      })),
    ),
});
