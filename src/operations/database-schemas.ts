/** Shapes of what is said of the database. */
import { z } from 'zod';

const count = z.number().int();
const age = z.number().nullable().describe('Milliseconds.');

export const databaseCheckSchema = z
  .object({
    snapshots: count,
    hosts: count,
    segments: count.describe('Stored changes of hosts, each with a checksum.'),
    damage: z.array(
      z.object({
        snapshotId: count.nullable().describe('The first snapshot that it concerns; null: the database as a whole.'),
        host: z.string().nullable(),
        what: z.string(),
      }),
    ),
  })
  .meta({ id: 'DatabaseCheck' });

export const prunedSchema = z
  .object({
    dryRun: z.boolean(),
    deleted: z.array(count).describe('Ids, oldest first.'),
    kept: count.describe('How many stay.'),
    retention: z
      .object({ keepAll: z.number().describe('Milliseconds.'), hourly: age, daily: age })
      .nullable()
      .describe('Null: everything is kept.'),
  })
  .meta({ id: 'Pruned' });
