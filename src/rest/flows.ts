import { matrix, matrixFilter } from '../operations/matrix.ts';
import { matrixSchema } from '../operations/matrix-schema.ts';
import { parseInput } from '../operations/parse-input.ts';
import { at, paging, type Route } from './route.ts';

const query = matrixFilter.extend({ at, ...paging });

export const flowRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/matrix',
    summary: 'Who reaches whom: the verdict of every flow between containers, hosts and the internet, alike ones together.',
    query,
    result: matrixSchema,
    run: async (context, request) => {
      const { at: reference, first, after, ...filter } = parseInput(query, request.query, 'BAD_ARGUMENT', 'query');
      const { cursors: _, ...found } = await matrix(context, { filter, at: reference ?? null, first: first ?? null, after: after ?? null });
      return found;
    },
  },
];
