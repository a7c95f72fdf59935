/**
 * Takes what is due in one of several processes that share a PostgreSQL database: each time is a job of graphile-worker, added by all of them
 * and kept once. A job whose process died is given to another.
 */
import { EventEmitter } from 'node:events';
import { Logger, makeWorkerUtils, type Runner, run, type WorkerEvents, type WorkerUtils } from 'graphile-worker';
import { z } from 'zod';
import type { Schedule } from '../model/schedule.ts';
import type { Take } from './here.ts';
import type { Ledger } from './ledger.ts';
import { freeJobsOfTheDead, Presence } from './presence.ts';
import type { Hands } from './scheduler.ts';

const TASK = 'snapshot';
/** Of graphile-worker's tables, in the same database. */
const SCHEMA = 'netwhy_worker';
/** How many processes may die over one job. */
const ATTEMPTS = 5;
/** Milliseconds. Work of the dead is found within the first, and taken up within the second after that. */
const SWEEP = 5000;
const POLL = 1000;

const payload = z.object({ schedule: z.string(), dueAt: z.number() });

export interface SharedOptions {
  /** `postgresql://...` */
  readonly url: string;
  readonly schedules: readonly Schedule[];
  readonly take: Take;
  readonly ledger: Ledger;
  readonly report: (error: unknown) => void;
}

interface Queue {
  readonly utils: WorkerUtils;
  readonly runner: Runner;
  readonly presence: Presence;
}

const keyOf = (schedule: string, dueAt: number) => `${schedule}@${dueAt}`;

async function open({ url, schedules, take, report }: SharedOptions): Promise<Queue> {
  const logger = new Logger(() => (level, message) => {
    if (level === 'error') report(new Error(message));
  });
  const shared = { connectionString: url, schema: SCHEMA, logger };
  const utils = await makeWorkerUtils(shared);
  const presence = new Presence(utils);
  try {
    await utils.migrate();
    const events: WorkerEvents = new EventEmitter();
    let worker = '';
    events.on('pool:create', ({ workerPool }) => {
      worker = workerPool.id;
    });
    const runner = await run({
      ...shared,
      events,
      concurrency: Math.min(schedules.length, 8),
      pollInterval: POLL,
      noHandleSignals: true,
      // Asked before each job: none is taken by who would be taken for dead.
      forbiddenFlags: async () => {
        await presence.hold(worker);
        return null;
      },
      taskList: {
        [TASK]: async (raw) => {
          const { schedule: name, dueAt } = payload.parse(raw);
          const schedule = schedules.find((known) => known.name === name);
          if (!schedule) throw new Error(`the configuration of this process has no schedule ${name}`);
          await take(schedule, dueAt);
        },
      },
    });
    runner.promise.catch(report);
    return { utils, runner, presence };
  } catch (error) {
    await utils.release();
    throw error;
  }
}

async function unfinished(utils: WorkerUtils, { name }: Schedule, dueAt: number): Promise<number | null> {
  const { rows } = await utils.withPgClient((client) =>
    client.query<{ key: string }>(`SELECT key FROM ${SCHEMA}.jobs WHERE task_identifier = $1 AND starts_with(key, $2) AND key <> $3 ORDER BY id LIMIT 1`, [
      TASK,
      `${name}@`,
      keyOf(name, dueAt),
    ]),
  );
  return rows[0] ? Number(rows[0].key.split('@').at(-1)) : null;
}

/** Jobs that nobody brought to an end are not tried for ever. */
async function giveUp(utils: WorkerUtils, { schedules, ledger }: SharedOptions): Promise<void> {
  const { rows } = await utils.withPgClient((client) =>
    client.query<{ id: string; key: string }>(
      `SELECT id, key FROM ${SCHEMA}.jobs WHERE task_identifier = $1 AND attempts >= max_attempts AND locked_at IS NULL`,
      [TASK],
    ),
  );
  for (const { id, key } of rows) {
    const [name, dueAt] = key.split('@');
    const schedule = schedules.find((known) => known.name === name);
    if (!schedule) continue;
    await ledger.failed(schedule, Number(dueAt), `it was tried ${ATTEMPTS} times, and each time the process ended or the database failed`);
    await utils.completeJobs([id]);
  }
}

export function shared(options: SharedOptions): Hands {
  const { report } = options;
  let opened: Promise<Queue> | null = null;
  const queue = (): Promise<Queue> => {
    opened ??= open(options);
    // A server that is not there now may be there at the next time.
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };
  const sweep = async (): Promise<void> => {
    const { utils } = await queue();
    await freeJobsOfTheDead(utils, SCHEMA);
    await giveUp(utils, options);
  };
  let sweeping: Promise<void> | null = null;
  const timer = setInterval(() => {
    sweeping ??= sweep()
      .catch(report)
      .finally(() => {
        sweeping = null;
      });
  }, SWEEP);
  queue().catch(report);

  return {
    unfinished: async (schedule, dueAt) => unfinished((await queue()).utils, schedule, dueAt),
    async start(schedule, dueAt) {
      const { utils } = await queue();
      const spec = { jobKey: keyOf(schedule.name, dueAt), jobKeyMode: 'unsafe_dedupe', maxAttempts: ATTEMPTS } as const;
      await utils.addJob(TASK, { schedule: schedule.name, dueAt }, spec);
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
      const open = await opened?.catch(() => null);
      if (!open) return;
      await open.runner.stop();
      open.presence.end();
      await open.utils.release();
    },
  };
}
