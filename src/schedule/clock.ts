/** The time of day, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when it is `time`, or at once when `signal` is aborted. */
  until(time: number, signal: AbortSignal): Promise<void>;
}

/** Looked at again so often, in milliseconds: timers stand still while a machine sleeps, and its clock can be set. */
const STRIDE = 30_000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

export const systemClock: Clock = {
  now: Date.now,
  async until(time, signal) {
    while (!signal.aborted && Date.now() < time) await pause(Math.min(STRIDE, time - Date.now()), signal);
  },
};
