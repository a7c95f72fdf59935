/** What an engine said of its containers, for as long as neither its list nor its events say that they changed. */
import type Docker from 'dockerode';
import { z } from 'zod';

export interface Inspection<T> {
  /** The container's entry in the engine's list, whole: its text for people (`Up 5 minutes`) grows older too, so that nothing is kept for ever. */
  readonly listed: string;
  readonly container: T;
}

const versionSchema = z.object({ Components: z.array(z.object({ Name: z.string() })).nullish() });

/** Others answer Docker's API too, and tell not all events that Docker tells. */
export async function isDocker(engine: Docker): Promise<boolean> {
  const version = versionSchema.safeParse(await engine.version().catch(() => null));
  return version.data?.Components?.some(({ Name }) => Name === 'Engine') ?? false;
}

export class Inspections<T = unknown> {
  readonly #known = new Map<string, Inspection<T>>();
  /** Containers taken from here since `used` was asked last. */
  readonly #used = new Set<string>();
  /** Counts what was forgotten: what was asked before may be older. */
  #turn = 0;
  readonly #forgotten = new Map<string, number>();
  #allForgotten = 0;

  get turn(): number {
    return this.#turn;
  }

  find(id: string, listed: string): T | null {
    const known = this.#known.get(id);
    if (known?.listed !== listed) return null;
    this.#used.add(id);
    return known.container;
  }

  /** What was asked at `turn`. */
  keep(id: string, inspection: Inspection<T>, turn: number): void {
    if (Math.max(this.#forgotten.get(id) ?? 0, this.#allForgotten) <= turn) this.#known.set(id, inspection);
  }

  /** The engine did something to it. True when what was known of it was used. */
  forget(id: string): boolean {
    this.#forgotten.set(id, ++this.#turn);
    this.#known.delete(id);
    return this.#used.has(id);
  }

  forgetAll(): boolean {
    this.#allForgotten = ++this.#turn;
    this.#known.clear();
    return this.#used.size > 0;
  }

  /** Nobody tells any more what changes. */
  end(): void {
    this.forgetAll();
    this.#allForgotten = Number.POSITIVE_INFINITY;
  }

  /** A new reading begins. */
  begin(): void {
    this.#used.clear();
  }

  /** Only these are still listed. */
  retain(ids: ReadonlySet<string>): void {
    for (const map of [this.#known, this.#forgotten]) for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
  }
}
