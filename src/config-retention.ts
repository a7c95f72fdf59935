/** The part of the configuration that says how long snapshots are kept. */
import { z } from 'zod';
import type { Retention } from './model/retention.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, y: 365 * 86_400_000 } as const;
const DURATION = /^(\d{1,6})([mhdwy])$/;

const duration = z
  .string({ error: 'must be a duration, for example 12h, 7d, 4w or 1y' })
  .regex(DURATION, 'must be a duration, for example 12h, 7d, 4w or 1y')
  .transform((text) => {
    const [, count, unit] = DURATION.exec(text)!;
    return Number(count) * UNITS[unit as keyof typeof UNITS];
  });

export const retention = z
  .strictObject({ keepAll: duration, hourly: duration.optional(), daily: duration.optional() })
  .refine(({ keepAll, hourly, daily }) => keepAll <= (hourly ?? keepAll) && (hourly ?? keepAll) <= (daily ?? Number.POSITIVE_INFINITY), {
    error: 'must grow: keepAll, then hourly, then daily',
  })
  .transform(({ keepAll, hourly, daily }): Retention => ({ keepAll, hourly: hourly ?? null, daily: daily ?? null }));
