import type { Clock } from '../../src/schedule/clock.ts';

interface Waiter {
  readonly time: number;
  readonly end: () => void;
}

/** Lets everything go on that waits for nothing but promises. */
export const settle = async () => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
};

/** It is the time that a test says it is. */
export class FakeClock implements Clock {
  #now: number;
  #waiting: Waiter[] = [];

  constructor(now: string) {
    this.#now = Date.parse(now);
  }

  now(): number {
    return this.#now;
  }

  until(time: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ time, end: resolve });
      signal.addEventListener('abort', () => resolve());
    });
  }

  /** All that is waited for until then comes at its time. */
  async runTo(time: string): Promise<void> {
    const end = Date.parse(time);
    for (;;) {
      await settle();
      const next = this.#waiting.filter((waiter) => waiter.time <= end).sort((a, b) => a.time - b.time)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.time);
      this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
      next.end();
    }
    this.#now = end;
    await settle();
  }

  /** The machine slept until then. */
  async sleepTo(time: string): Promise<void> {
    this.#now = Date.parse(time);
    await this.runTo(time);
  }
}
