/** Waits for the times at which schedules are due, and hands each on or says that it was missed. */
import type { Schedule } from '../model/schedule.ts';
import type { Clock } from './clock.ts';
import { type Ledger, missedBetween } from './ledger.ts';
import { lastDue, nextDue } from './times.ts';

/** Takes the snapshots: in this process, or in one of several that share a database. */
export interface Hands {
  /** When the run of this schedule was due that has not ended; null when there is none other than that of `dueAt`. */
  unfinished(schedule: Schedule, dueAt: number): Promise<number | null>;
  /** Returns when the snapshot is in work, not when it is taken. */
  start(schedule: Schedule, dueAt: number): Promise<void>;
  /** Finishes what runs. */
  stop(): Promise<void>;
}

export interface SchedulerOptions {
  readonly ledger: Ledger;
  readonly hands: Hands;
  readonly clock: Clock;
  /** 0 to 1: how much of its jitter a run waits. */
  readonly chance: () => number;
  /** Hears of what could not be written down. */
  readonly report: (error: unknown) => void;
}

/** Milliseconds: what is due for longer is not made up for. */
const LATE = 60_000;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #stopped = new AbortController();
  readonly #loops: readonly Promise<void>[];

  constructor(schedules: readonly Schedule[], options: SchedulerOptions) {
    this.#options = options;
    this.#loops = schedules.map((schedule) => this.#follow(schedule));
  }

  /** Finishes what runs; waits for nothing that is yet to come. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#loops);
    await this.#options.hands.stop();
  }

  async #follow(schedule: Schedule): Promise<void> {
    const { clock, chance } = this.#options;
    const started = clock.now();
    let done = started;
    await this.#careful(async () => {
      done = await this.#begin(schedule, started);
    });
    for (;;) {
      const due = nextDue(schedule.when, done);
      if (due === null) return;
      const delay = Math.floor(chance() * schedule.jitterSeconds * 1000);
      await clock.until(due + delay, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      const now = clock.now() - delay;
      done = Math.max(due, lastDue(schedule.when, now) ?? due);
      await this.#careful(() => this.#come(schedule, started, done, now));
    }
  }

  /** From when on times are waited for: what was due while nobody ran is written down, but for what is just due. */
  async #begin(schedule: Schedule, now: number): Promise<number> {
    const last = await this.#options.ledger.last(schedule);
    if (last === null) return now;
    const from = Math.max(last, Math.min(now, now - LATE));
    await missedBetween(this.#options.ledger, schedule, last, from + 1);
    return from;
  }

  /** It is `now`, and `due` is the latest time due; `started`: when this process began to wait. */
  async #come(schedule: Schedule, started: number, due: number, now: number): Promise<void> {
    const { hands, ledger } = this.#options;
    const running = await hands.unfinished(schedule, due);
    if (running !== null) return ledger.missed(schedule, due, `the run that was due at ${new Date(running).toISOString()} had not ended`);
    const last = await ledger.last(schedule);
    if (last !== null && last >= due) return;
    await missedBetween(ledger, schedule, last ?? started, due);
    const late = now - due;
    if (late <= LATE) return hands.start(schedule, due);
    await ledger.missed(schedule, due, `netwhy did not run then, and ${Math.round(late / 1000)} s later it was too late`);
  }

  /** A database that cannot be written to now may be there at the next time. */
  async #careful(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.report(error);
    }
  }
}
