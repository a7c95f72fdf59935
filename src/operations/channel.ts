/** Values for one subscriber. Unlike a generator's, `return` ends it at once, also while the next value is waited for. */
export class Channel<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = [];
  readonly #onEnd: () => void;
  #waiting: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void } | null = null;
  #end: { readonly error?: unknown } | null = null;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** False: the subscriber does not keep up, and is let go. */
  push(value: T, limit = 1000): boolean {
    if (this.#end) return false;
    if (this.#waiting) this.#waiting.resolve({ value, done: false });
    else this.#values.push(value);
    this.#waiting = null;
    if (this.#values.length > limit) this.#finish({});
    return this.#end === null;
  }

  fail(error: unknown): void {
    this.#finish({ error });
  }

  async next(): Promise<IteratorResult<T>> {
    const value = this.#values.shift();
    if (value !== undefined) return { value, done: false };
    if (!this.#end) return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
    if ('error' in this.#end) throw this.#end.error;
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<T>> {
    this.#values.length = 0;
    this.#finish({});
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    if (this.#waiting && 'error' in end) this.#waiting.reject(end.error);
    else this.#waiting?.resolve({ value: undefined, done: true });
    this.#waiting = null;
    this.#onEnd();
  }
}
