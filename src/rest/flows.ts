import { z } from 'zod';
import { flowDiff, flowDiffFilter } from '../operations/flow-diff.ts';
import { matrix, matrixFilter } from '../operations/matrix.ts';
import { flowDiffSchema, matrixSchema } from '../operations/matrix-schema.ts';
import { parseInput } from '../operations/parse-input.ts';
import { at, paging, type Route } from './route.ts';

const query = matrixFilter.extend({ at, ...paging });

const diffQuery = flowDiffFilter.extend({
  from: z.string().optional().describe('The earlier; the one before the latest when not given. `live` is now.'),
  to: z.string().optional().describe('The later; the latest when not given. `live` is now.'),
  ...paging,
});

export const flowRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/matrix',
    heavy: true,
    summary: 'Who reaches whom: the verdict of every flow between containers, hosts and the internet, alike ones together.',
    query,
    result: matrixSchema,
    run: async (context, request) => {
      const { at: reference, first, after, ...filter } = parseInput(query, request.query, 'BAD_ARGUMENT', 'query');
      const { cursors: _, ...found } = await matrix(context, { filter, at: reference ?? null, first, after: after ?? null });
      return found;
    },
  },
  {
    method: 'GET',
    path: '/diff/flows',
    heavy: true,
    summary: 'Which flows changed their verdict between two snapshots, and what did it.',
    query: diffQuery,
    result: flowDiffSchema,
    run: async (context, request) => {
      const { from, to, first, after, ...filter } = parseInput(diffQuery, request.query, 'BAD_ARGUMENT', 'query');
      const { cursors: _, ...found } = await flowDiff(context, { from: from ?? null, to: to ?? null, filter, first, after: after ?? null });
      return found;
    },
  },
];
