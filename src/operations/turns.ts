import type { Allowance } from './allowance.ts';

/** Milliseconds of work before others get their turn. */
const TURN = 20;

/** Long work in one thread: others get their turn in between, and it ends when its time is over. */
export class Turns {
  readonly #allowance: Allowance | undefined;
  #began = performance.now();

  constructor(allowance: Allowance | undefined) {
    this.#allowance = allowance;
  }

  /** Whether others had a turn. Throws UserError TIMEOUT. */
  async next(): Promise<boolean> {
    if (performance.now() - this.#began < TURN) return false;
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
    this.#allowance?.check();
    return true;
  }
}
