import { z } from 'zod';
import { parseInput } from '../operations/parse-input.ts';
import { scheduleRunSchema, scheduleRuns, scheduleSchema, schedules } from '../operations/schedules.ts';
import type { Route } from './route.ts';

const runsQuery = z.strictObject({ first: z.coerce.number().int().min(0).max(1000).optional().describe('How many; 20 when not given.') });

export const scheduleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/schedules',
    summary: 'All schedules, with what they are due for and what became of their last run.',
    result: z.array(scheduleSchema),
    run: (context) => schedules(context),
  },
  {
    method: 'GET',
    path: '/schedules/{name}/runs',
    summary: 'The latest times at which a schedule was due, newest first.',
    params: { name: 'Name of the schedule.' },
    query: runsQuery,
    result: z.array(scheduleRunSchema),
    run: (context, { params, query }) =>
      scheduleRuns(context, { schedule: params.name!, first: parseInput(runsQuery, query, 'BAD_ARGUMENT', 'query').first ?? 20 }),
  },
];
