import { z } from 'zod';
import { check } from '../operations/check.ts';
import { parseInput } from '../operations/parse-input.ts';
import { findingSchema } from '../operations/result-schemas.ts';
import { snapshotSchema } from '../operations/snapshot-schemas.ts';
import { at, type Route } from './route.ts';

const checkQuery = z.strictObject({ at });
const checkBody = z.strictObject({
  intents: z.array(z.string()).nullish().describe('For example `web must reach db:5432`; those of the configuration when not given.'),
});

export const intentRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/check',
    summary: 'Whether intents hold.',
    query: checkQuery,
    body: checkBody,
    result: z.object({ snapshot: snapshotSchema.nullable().describe('Null: live.'), findings: z.array(findingSchema) }),
    run: async (context, request) => {
      const { intents } = parseInput(checkBody, request.body ?? {}, 'BAD_ARGUMENT', 'body');
      return check(context, { intents: intents ?? null, at: parseInput(checkQuery, request.query, 'BAD_ARGUMENT', 'query').at ?? null });
    },
  },
];
