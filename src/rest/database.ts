import { z } from 'zod';
import { checkDatabase } from '../operations/check-database.ts';
import { databaseCheckSchema, prunedSchema } from '../operations/database-schemas.ts';
import { parseInput } from '../operations/parse-input.ts';
import { pruneSnapshots } from '../operations/prune-snapshots.ts';
import type { Route } from './route.ts';

const pruneBody = z.strictObject({ dryRun: z.boolean().optional().describe('Only say what would be deleted.') });

export const databaseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/database/check',
    heavy: true,
    summary: 'Reads all that is stored and compares it with its checksums.',
    result: databaseCheckSchema,
    run: (context) => checkDatabase(context),
  },
  {
    method: 'POST',
    path: '/database/prune',
    heavy: true,
    scope: 'admin',
    summary: "Deletes the snapshots that the configuration's `retention` no longer keeps.",
    body: pruneBody,
    result: prunedSchema,
    run: (context, request) => pruneSnapshots(context, parseInput(pruneBody, request.body ?? {}, 'BAD_ARGUMENT', 'body')),
  },
];
