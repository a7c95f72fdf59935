import { z } from 'zod';
import { check } from '../operations/check.ts';
import { findingSchema, intentPeriodSchema, noticeSchema } from '../operations/intent-schemas.ts';
import { intentHistory, intents } from '../operations/intents.ts';
import { listNotices, retryNotice } from '../operations/notices.ts';
import { parseInput } from '../operations/parse-input.ts';
import { page } from '../operations/result-schemas.ts';
import { snapshotSchema } from '../operations/snapshot-schemas.ts';
import { at, paging, type Route } from './route.ts';

const checkQuery = z.strictObject({ at });
const checkBody = z.strictObject({
  intents: z.array(z.string()).nullish().describe('For example `web must reach db:5432`; those of the configuration when not given.'),
});
const intentsQuery = z.strictObject({ at: z.string().optional().describe('Snapshot: id, label, time, `latest` or `previous`; the latest when not given.') });
const historyQuery = z.strictObject({ intent: z.string().min(1).max(1000).describe('The intent, as written.'), ...paging });
const noticesQuery = z.strictObject({ ...paging, dead: z.stringbool().optional().describe('Those alone that could not be delivered somewhere.') });

export const intentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/check',
    heavy: true,
    summary: 'Whether intents hold.',
    query: checkQuery,
    body: checkBody,
    result: z.object({ snapshot: snapshotSchema.nullable().describe('Null: live.'), findings: z.array(findingSchema) }),
    run: async (context, request) => {
      const { intents: written } = parseInput(checkBody, request.body ?? {}, 'BAD_ARGUMENT', 'body');
      return check(context, { intents: written ?? null, at: parseInput(checkQuery, request.query, 'BAD_ARGUMENT', 'query').at ?? null });
    },
  },
  {
    method: 'GET',
    path: '/intents',
    summary: 'What the intents of the configuration were found to be when a snapshot was taken.',
    query: intentsQuery,
    result: z.object({ snapshot: snapshotSchema, intents: z.array(intentPeriodSchema) }),
    run: (context, request) => intents(context, parseInput(intentsQuery, request.query, 'BAD_ARGUMENT', 'query')),
  },
  {
    method: 'GET',
    path: '/intents/history',
    summary: 'Every value that an intent had, newest first.',
    query: historyQuery,
    result: page(intentPeriodSchema),
    run: async (context, request) => {
      const { cursors: _, ...found } = await intentHistory(context, parseInput(historyQuery, request.query, 'BAD_ARGUMENT', 'query'));
      return found;
    },
  },
  {
    method: 'GET',
    path: '/notices',
    summary: 'Verdicts of intents that changed, newest first.',
    query: noticesQuery,
    result: page(noticeSchema),
    run: async (context, request) => {
      const { cursors: _, ...found } = await listNotices(context, parseInput(noticesQuery, request.query, 'BAD_ARGUMENT', 'query'));
      return found;
    },
  },
  {
    method: 'POST',
    path: '/notices/{id}/retry',
    scope: 'admin',
    summary: 'Deliveries of a notice that are dead are tried again.',
    params: { id: 'Id of the notice.' },
    result: noticeSchema,
    run: (context, request) => retryNotice(context, { id: request.params.id! }),
  },
];
