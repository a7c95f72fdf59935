/** What one request may take: time, and values in its answer. Nothing goes on for a client that went away. */
import { UserError } from '../model/errors.ts';
import type { Limits } from '../model/limits.ts';
import { Turns } from './turns.ts';

export class Allowance {
  readonly #limits: Pick<Limits, 'seconds' | 'cost'>;
  #ends: number | null = null;
  #values = 0;
  #gone = false;
  readonly #turns = new Turns(this);
  #before: Promise<unknown> = Promise.resolve();

  constructor(limits: Pick<Limits, 'seconds' | 'cost'>) {
    this.#limits = limits;
  }

  /** Nobody waits for the answer any more. */
  cancel(): void {
    this.#gone = true;
  }

  /** Throws UserError TIMEOUT. */
  check(): void {
    if (this.#gone) throw new UserError('TIMEOUT', 'Nobody waits for this answer any more.', 'Keep the connection open until the answer is there.');
    if (this.#ends !== null && performance.now() >= this.#ends) throw this.#late();
  }

  /** Throws UserError TIMEOUT or TOO_COSTLY. */
  spend(values: number): void {
    this.check();
    this.#values += values;
    if (this.#values > this.#limits.cost) throw tooCostly('answer', this.#values, this.#limits.cost);
  }

  /**
   * What `work` gives, one after the other. Time runs from the first call. Throws UserError TIMEOUT when it is over; the work hears of that
   * when it checks.
   */
  within<T>(work: () => T | Promise<T>): Promise<T> {
    this.#ends ??= performance.now() + this.#limits.seconds * 1000;
    const result = this.#before.then(() => this.#run(work));
    this.#before = result.catch(() => undefined);
    return result;
  }

  async #run<T>(work: () => T | Promise<T>): Promise<T> {
    await this.#turns.next();
    this.check();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#late()), this.#ends! - performance.now());
    });
    try {
      return await Promise.race([work(), over]);
    } finally {
      clearTimeout(timer);
    }
  }

  #late(): UserError {
    return new UserError(
      'TIMEOUT',
      `This took longer than ${this.#limits.seconds} s.`,
      'Ask for less at a time, or raise `limits.seconds` in the configuration.',
    );
  }
}

export const tooCostly = (what: 'query' | 'answer', cost: number, limit: number): UserError =>
  new UserError(
    'TOO_COSTLY',
    `This ${what} costs ${what === 'answer' ? 'at least ' : ''}${cost.toLocaleString('en')}; the limit is ${limit.toLocaleString('en')}.`,
    'Ask for smaller pages (`first`), for fewer fields, or in several queries.',
  );
