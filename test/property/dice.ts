/** Repeatable chance: the same seed gives the same throws. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) >>> 0;
  }

  /** 0 to n - 1. The generator is a 32-bit xorshift of a Weyl sequence: equal spread is enough here. */
  int(n: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) % n;
  }

  chance(p: number): boolean {
    return this.int(10_000) < p * 10_000;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(from.length)]!;
  }

  /** One of the values, each as likely as its weight. */
  weighted<T>(from: readonly (readonly [number, T])[]): T {
    let left = this.int(from.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of from) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new Error('no weight');
  }

  /** n of them in random order. */
  some<T>(from: readonly T[], n: number): T[] {
    const rest = [...from];
    return Array.from({ length: Math.min(n, rest.length) }, () => rest.splice(this.int(rest.length), 1)[0]!);
  }
}
