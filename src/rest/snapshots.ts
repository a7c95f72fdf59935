import { z } from 'zod';
import { CHANGE_KINDS } from '../model/change.ts';
import { deleteSnapshot } from '../operations/delete-snapshot.ts';
import { diff } from '../operations/diff.ts';
import { facts } from '../operations/facts.ts';
import { history, historyInput } from '../operations/history.ts';
import { labelSnapshot } from '../operations/label-snapshot.ts';
import { getSnapshot, listSnapshots } from '../operations/list-snapshots.ts';
import { parseInput } from '../operations/parse-input.ts';
import { pinSnapshot } from '../operations/pin-snapshot.ts';
import { diffSchema, factsSchema, page, searchSchema } from '../operations/result-schemas.ts';
import { search, searchInput } from '../operations/search.ts';
import { historySchema, snapshotSchema } from '../operations/snapshot-schemas.ts';
import { takeSnapshot } from '../operations/take-snapshot.ts';
import { momentSchema, timeline, timelineFields } from '../operations/timeline.ts';
import { at, paging, type Route } from './route.ts';

const id = { id: 'Snapshot: id, label, time, `latest` or `previous`.' };
const label = z.string().nullable().describe('Its name; null for none.');
const pageQuery = z.strictObject(paging);
const timelineQuery = z.strictObject({ ...timelineFields, ...paging });
const diffQuery = z.strictObject({
  from: z.string().optional().describe('The earlier; the one before the latest when not given. `live` is now.'),
  to: z.string().optional().describe('The later; the latest when not given. `live` is now.'),
  kinds: z
    .string()
    .optional()
    .describe(`Only changes of these kinds, with commas between: ${CHANGE_KINDS.join(', ')}.`),
  host: z.string().optional().describe('Only changes on this host.'),
  container: z.string().optional().describe('Only what happened to this container.'),
});
const factsQuery = z.strictObject({ at });
const takeBody = z.strictObject({ label: label.optional() });
const changeBody = z
  .strictObject({ label: label.optional(), pinned: z.boolean().optional().describe('Whether it is kept for ever.') })
  .refine((body) => body.label !== undefined || body.pinned !== undefined, 'must say what to change: label or pinned');

export const snapshotRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/snapshots',
    summary: 'All snapshots, newest first.',
    query: pageQuery,
    result: page(snapshotSchema),
    run: async (context, request) => {
      const { cursors: _, ...found } = await listSnapshots(context, parseInput(pageQuery, request.query, 'BAD_ARGUMENT', 'query'));
      return found;
    },
  },
  {
    method: 'POST',
    path: '/snapshots',
    heavy: true,
    scope: 'snapshot',
    summary: 'Reads all hosts now and keeps what they say.',
    body: takeBody,
    status: 201,
    result: snapshotSchema,
    run: (context, request) => takeSnapshot(context, parseInput(takeBody, request.body ?? {}, 'BAD_ARGUMENT', 'body')),
  },
  {
    method: 'GET',
    path: '/snapshots/{id}',
    summary: 'One snapshot.',
    params: id,
    result: snapshotSchema,
    run: (context, request) => getSnapshot(context, request.params.id!),
  },
  {
    method: 'PATCH',
    path: '/snapshots/{id}',
    scope: 'snapshot',
    summary: 'Gives a snapshot another name, or pins it: then it is kept for ever.',
    params: id,
    body: changeBody,
    result: snapshotSchema,
    run: async (context, request) => {
      const body = parseInput(changeBody, request.body, 'BAD_ARGUMENT', 'body');
      const { id } = await getSnapshot(context, request.params.id!);
      if (body.label !== undefined) await labelSnapshot(context, { id: String(id), label: body.label });
      if (body.pinned !== undefined) await pinSnapshot(context, { id: String(id), pinned: body.pinned });
      return getSnapshot(context, String(id));
    },
  },
  {
    method: 'DELETE',
    path: '/snapshots/{id}',
    scope: 'admin',
    summary: 'Deletes a snapshot and returns what it was.',
    params: id,
    result: snapshotSchema,
    run: (context, request) => deleteSnapshot(context, { id: request.params.id! }),
  },
  {
    method: 'GET',
    path: '/timeline',
    summary: 'The kept snapshots, newest first, with what changed when; none is read for it.',
    query: timelineQuery,
    result: page(momentSchema),
    run: async (context, request) => {
      const { cursors: _, ...found } = await timeline(context, parseInput(timelineQuery, request.query, 'BAD_ARGUMENT', 'query'));
      return found;
    },
  },
  {
    method: 'GET',
    path: '/diff',
    summary: 'What changed between two snapshots.',
    query: diffQuery,
    result: diffSchema,
    run: (context, request) => {
      const { kinds, ...input } = parseInput(diffQuery, request.query, 'BAD_ARGUMENT', 'query');
      return diff(context, { ...input, kinds: kinds?.split(',') ?? null });
    },
  },
  {
    method: 'GET',
    path: '/search',
    summary: 'Looks through what the snapshots hold.',
    query: searchInput,
    result: searchSchema,
    run: (context, request) => search(context, request.query),
  },
  {
    method: 'GET',
    path: '/history',
    summary: 'Every value that the things of a name had in the kept history.',
    query: historyInput,
    result: historySchema,
    run: (context, request) => history(context, request.query),
  },
  {
    method: 'GET',
    path: '/facts',
    ofNow: true,
    summary: 'The facts themselves: what a recording holds.',
    query: factsQuery,
    result: factsSchema,
    run: (context, request) => facts(context, parseInput(factsQuery, request.query, 'BAD_ARGUMENT', 'query')),
  },
];
