import { z } from 'zod';
import { UserError } from '../model/errors.ts';
import { RUN_STATES, type Schedule, type ScheduleRun, type When } from '../model/schedule.ts';
import { nextDue } from '../schedule/times.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';

export interface ScheduleInfo {
  readonly name: string;
  /** For a person: a cron pattern with its time zone, or `every 60 s`. */
  readonly when: string;
  readonly jitterSeconds: number;
  readonly label: string | null;
  /** ISO 8601, UTC; null when it is never due again. */
  readonly next: string | null;
  readonly lastRun: ScheduleRun | null;
  /** How often it is written down that it was missed; several times in a row while nobody ran count once. */
  readonly missed: number;
}

const words = (when: When) => (when.kind === 'cron' ? `${when.cron} ${when.timezone}` : `every ${when.seconds} s`);

/** In the order of the configuration. */
export async function schedules(context: Context): Promise<readonly ScheduleInfo[]> {
  if (context.schedules.length === 0) return [];
  const store = await context.store();
  return Promise.all(
    context.schedules.map(async ({ name, when, jitterSeconds, label }) => {
      const next = nextDue(when, Date.now());
      const [last] = await store.runs(name, 1);
      const missed = await store.countRuns(name, 'MISSED');
      return { name, when: words(when), jitterSeconds, label, next: next === null ? null : new Date(next).toISOString(), lastRun: last ?? null, missed };
    }),
  );
}

const MOST = 1000;

/** Newest first. Throws UserError NOT_FOUND or BAD_ARGUMENT. */
export async function scheduleRuns(context: Context, input: { readonly schedule: string; readonly first: number }): Promise<readonly ScheduleRun[]> {
  findSchedule(context.schedules, input.schedule);
  if (!Number.isInteger(input.first) || input.first < 0 || input.first > MOST) {
    throw new UserError('BAD_ARGUMENT', `first: ${input.first} is not a number of runs.`, `Use 0 to ${MOST}.`);
  }
  return (await context.store()).runs(input.schedule, input.first);
}

function findSchedule(all: readonly Schedule[], name: string): Schedule {
  const found = all.find((schedule) => schedule.name === name);
  if (found) return found;
  const names = all.map((schedule) => schedule.name);
  const hint = names.length === 0 ? 'The configuration has no `schedule:`.' : `Schedules: ${names.join(', ')}.`;
  throw new UserError('NOT_FOUND', `There is no schedule ${JSON.stringify(name.slice(0, 100))}.`, hint, nearest(name, names));
}

export const scheduleRunSchema = z
  .object({
    schedule: z.string(),
    dueAt: z.string().describe('ISO 8601, UTC.'),
    state: z.enum(RUN_STATES),
    snapshotId: z.number().int().nullable().describe('It may have been deleted since.'),
    reason: z.string().nullable().describe('Why no snapshot was taken.'),
  })
  .meta({ id: 'ScheduleRun' });

export const scheduleSchema = z
  .object({
    name: z.string(),
    when: z.string().describe('A cron pattern with its time zone, or `every N s`.'),
    jitterSeconds: z.number(),
    label: z.string().nullable().describe('Of the snapshots that it takes.'),
    next: z.string().nullable().describe('When it is due next.'),
    lastRun: scheduleRunSchema.nullable(),
    missed: z.number().int().describe('How often it was missed; several times in a row while nobody ran count once.'),
  })
  .meta({ id: 'Schedule' });
