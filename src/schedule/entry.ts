/** A schedule as the configuration says it. */
import { z } from 'zod';
import type { Schedule } from '../model/schedule.ts';
import { nextDue } from './times.ts';

const DAY = 86_400;

const zone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}, 'must be an IANA time zone, for example Europe/Berlin');

export const scheduleEntry = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, dashes and underscores'),
    cron: z.string().optional(),
    timezone: zone.optional(),
    everySeconds: z
      .number()
      .int()
      .min(1)
      .max(366 * DAY)
      .optional(),
    jitterSeconds: z.number().min(0).max(DAY).optional(),
    label: z.string().min(1).max(200).optional(),
  })
  .superRefine((entry, context) => {
    const wrong = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path });
    const { cron, timezone, everySeconds, jitterSeconds = 0 } = entry;
    if ((cron === undefined) === (everySeconds === undefined)) return wrong('needs either `cron` or `everySeconds`');
    if (everySeconds !== undefined) {
      if (timezone !== undefined) wrong('has a meaning with `cron` alone', 'timezone');
      if (jitterSeconds >= everySeconds) wrong('must be less than everySeconds', 'jitterSeconds');
      return;
    }
    const problem = cronProblem(cron!, timezone ?? 'UTC');
    if (problem !== null) wrong(problem, 'cron');
  });

function cronProblem(cron: string, timezone: string): string | null {
  if (!/^@\w+$|\S\s+\S/.test(cron.trim())) return 'must be a cron pattern of five or six fields, for example "*/5 * * * *"';
  try {
    return nextDue({ kind: 'cron', cron, timezone }, Date.now()) === null ? 'is never due' : null;
  } catch (error) {
    return `is no cron pattern: ${(error as Error).message}`;
  }
}

export function toSchedule({ name, cron, timezone, everySeconds, jitterSeconds, label }: z.infer<typeof scheduleEntry>): Schedule {
  const when = cron === undefined ? ({ kind: 'every', seconds: everySeconds! } as const) : ({ kind: 'cron', cron, timezone: timezone ?? 'UTC' } as const);
  return { name, when, jitterSeconds: jitterSeconds ?? 0, label: label ?? null };
}
