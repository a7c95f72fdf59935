/** Takes what is due in this process. */
import type { Schedule } from '../model/schedule.ts';
import type { Hands } from './scheduler.ts';

/** Takes the snapshot of a time that is due and writes down what became of it. */
export type Take = (schedule: Schedule, dueAt: number) => Promise<unknown>;

export function here(take: Take, report: (error: unknown) => void): Hands {
  const running = new Map<string, { readonly dueAt: number; readonly end: Promise<unknown> }>();
  return {
    unfinished: async ({ name }) => running.get(name)?.dueAt ?? null,
    async start(schedule, dueAt) {
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
