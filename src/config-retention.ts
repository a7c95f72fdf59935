/** The part of the configuration that says how long snapshots are kept. */
import { z } from 'zod';
import type { Retention } from './model/retention.ts';
import { parseDuration } from './util/duration.ts';

const WRONG = 'must be a duration, for example 12h, 7d, 4w or 1y';
const duration = z
  .string({ error: WRONG })
  .refine((text) => parseDuration(text) !== null, WRONG)
  .transform((text) => parseDuration(text)!);

export const retention = z
  .strictObject({ keepAll: duration, hourly: duration.optional(), daily: duration.optional() })
  .refine(({ keepAll, hourly, daily }) => keepAll <= (hourly ?? keepAll) && (hourly ?? keepAll) <= (daily ?? Number.POSITIVE_INFINITY), {
    error: 'must grow: keepAll, then hourly, then daily',
  })
  .transform(({ keepAll, hourly, daily }): Retention => ({ keepAll, hourly: hourly ?? null, daily: daily ?? null }));
