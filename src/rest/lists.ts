import type { z } from 'zod';
import { list } from '../operations/list.ts';
import { parseInput } from '../operations/parse-input.ts';
import { listSchema } from '../operations/result-schemas.ts';
import { VIEW_NAMES, type ViewName, views } from '../operations/views/index.ts';
import { at, paging, type Route } from './route.ts';

/** `natRules` → `nat-rules` */
export const pathOf = (view: ViewName) => view.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const words = (view: ViewName) => pathOf(view).replace('-', ' ');

export const listRoutes: readonly Route[] = VIEW_NAMES.map((view) => {
  const query = (views[view].filter as z.ZodObject).extend({ at, ...paging });
  return {
    method: 'GET',
    path: `/${pathOf(view)}`,
    summary: `All ${words(view)} that pass the filters.`,
    query,
    result: listSchema(view),
    run: async (context, request) => {
      const { at: reference, first, after, ...filter } = parseInput(query, request.query, 'BAD_ARGUMENT', 'query') as Record<string, never>;
      const { cursors: _, ...page } = await list(context, view, { filter, at: reference ?? null, first, after: after ?? null });
      return page;
    },
  };
});
