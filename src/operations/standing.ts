/** How the service stands: what is kept, what is queued, what the last collection could not read. */
import { RUN_STATES, type RunState } from '../model/schedule.ts';
import type { Totals } from '../snapshots/totals.ts';
import type { Context } from './context.ts';

interface HostStanding {
  readonly name: string;
  readonly gaps: number;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
}

interface ScheduleStanding {
  readonly name: string;
  readonly runs: Readonly<Record<RunState, number>>;
}

export interface Standing {
  /** Null: the database does not answer. */
  readonly database: Totals | null;
  readonly schedules: readonly ScheduleStanding[];
  /** Of the last collection; none before the first. */
  readonly hosts: readonly HostStanding[];
  readonly subscribers: number;
}

export async function standing(context: Context): Promise<Standing> {
  const { events, estates } = context;
  const estate = estates.newest;
  const gaps = new Map<string, number>();
  for (const { host } of estate?.model.gaps ?? []) gaps.set(host, (gaps.get(host) ?? 0) + 1);
  const hosts = (estate?.facts ?? []).map(({ host, collectedAt }) => ({ name: host, gaps: gaps.get(host) ?? 0, collectedAt }));
  return { ...(await stored(context)), hosts, subscribers: events?.listeners ?? 0 };
}

async function stored(context: Context): Promise<Pick<Standing, 'database' | 'schedules'>> {
  try {
    const store = await context.store();
    const schedules = context.schedules.map(async ({ name }) => {
      const counts = RUN_STATES.map(async (state) => [state, await store.countRuns(name, state)] as const);
      return { name, runs: Object.fromEntries(await Promise.all(counts)) as ScheduleStanding['runs'] };
    });
    return { database: await store.totals(), schedules: await Promise.all(schedules) };
  } catch {
    // That it does not answer is what there is to tell: why, /readyz and the log say.
    return { database: null, schedules: [] };
  }
}
