/** Milliseconds of work before others get their turn. */
const TURN = 20;

/** Long work in one thread: others get their turn in between, and it ends when its time is over. */
export class Turns {
  readonly #until: { check(): void } | undefined;
  #began = performance.now();

  /** `until` throws when time is over. */
  constructor(until: { check(): void } | undefined) {
    this.#until = until;
  }

  /** Whether others had a turn. Throws UserError TIMEOUT. */
  async next(): Promise<boolean> {
    if (performance.now() - this.#began < TURN) return false;
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
    this.#until?.check();
    return true;
  }
}
