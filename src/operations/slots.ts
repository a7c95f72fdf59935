import { UserError } from '../model/errors.ts';

/** Callers that wait for each place before more are refused. */
const WAITING = 16;

/** Operations that take long: so many run at a time, others wait. */
export class Slots {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Throws UserError RATE_LIMITED when too many wait already. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#running < this.#places) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length < this.#places * WAITING) return new Promise((resolve) => this.#waiting.push(resolve));
    throw new UserError('RATE_LIMITED', 'Too many operations that take long are asked for at a time.', 'Ask again in a moment.', [], 1);
  }
}
