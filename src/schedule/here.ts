/** Takes what is due in this process. */
import type { Schedule } from '../model/schedule.ts';
import type { Ledger } from './ledger.ts';
import type { Hands } from './scheduler.ts';

/** Takes the snapshot of a time that is due and writes down what became of it. */
export type Take = (schedule: Schedule, dueAt: number) => Promise<unknown>;

/** One run of a schedule at a time: what is due meanwhile is missed, not queued up. */
export function here(take: Take, ledger: Ledger, report: (error: unknown) => void): Hands {
  const running = new Map<string, { readonly dueAt: number; readonly end: Promise<unknown> }>();
  return {
    async due(schedule, dueAt) {
      const before = running.get(schedule.name);
      if (before) return ledger.missed(schedule, dueAt, overlap(before.dueAt));
      const end = take(schedule, dueAt)
        .catch(report)
        .finally(() => running.delete(schedule.name));
      running.set(schedule.name, { dueAt, end });
    },
    async stop() {
      await Promise.all([...running.values()].map(({ end }) => end));
    },
  };
}

export const overlap = (dueAt: number) => `the run that was due at ${new Date(dueAt).toISOString()} had not ended`;
