/** What subscribers hear. Snapshots of other processes are found by asking the database, and those of this one are not waited for. */
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import { Channel } from './channel.ts';

/** How far the reading of a host for a snapshot is: `done` of `total` stages. */
export interface Progress {
  readonly host: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** Milliseconds between two looks at the database while somebody listens. */
const EVERY = 2000;
/** Snapshots at once. */
const BATCH = 100;

export class Events {
  readonly #store: () => Promise<SnapshotStore>;
  readonly #report: (error: unknown) => void;
  readonly #onSnapshot = new Set<(snapshot: SnapshotInfo) => void>();
  readonly #onProgress = new Set<(progress: Progress) => void>();
  readonly #every: number;
  #running = 0;
  #last: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(store: () => Promise<SnapshotStore>, report: (error: unknown) => void, every = EVERY) {
    this.#store = store;
    this.#report = report;
    this.#every = every;
  }

  /** How many listen. */
  get listeners(): number {
    return this.#onSnapshot.size + this.#onProgress.size;
  }

  /** What `of` makes of each snapshot that is taken from now on, in their order. Rejects when the database cannot be read. */
  async snapshots<T>(of: (snapshot: SnapshotInfo) => Promise<readonly T[]>): Promise<Channel<T>> {
    this.#last ??= await this.#newest();
    let before: Promise<unknown> = Promise.resolve();
    const listener = (snapshot: SnapshotInfo) => {
      before = before.then(async () => {
        for (const value of await of(snapshot)) channel.push(value);
      });
      before.catch((error: unknown) => channel.fail(error));
    };
    const channel = new Channel<T>(() => {
      this.#onSnapshot.delete(listener);
      if (this.#onSnapshot.size === 0) this.#rest();
    });
    this.#onSnapshot.add(listener);
    this.#timer ??= setInterval(() => this.look(), this.#every);
    return channel;
  }

  /** Of snapshots that this process takes. */
  progress(): Channel<Progress> {
    const listener = (progress: Progress) => void channel.push(progress);
    const channel = new Channel<Progress>(() => this.#onProgress.delete(listener));
    this.#onProgress.add(listener);
    return channel;
  }

  /** Told of every reading; passed on while one is for a snapshot. */
  progressed(progress: Progress): void {
    if (this.#running > 0) for (const listener of this.#onProgress) listener(progress);
  }

  /** `work` reads for a snapshot. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }

  /** Looks for new snapshots now. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#tell()).catch(this.#report);
  }

  async #tell(): Promise<void> {
    if (this.#last === null) return;
    const found = await (await this.#store()).after(this.#last, BATCH);
    for (const snapshot of found) {
      if (this.#last === null) return;
      this.#last = snapshot.id;
      for (const listener of this.#onSnapshot) listener(snapshot);
    }
    if (found.length === BATCH) await this.#tell();
  }

  async #newest(): Promise<number> {
    return (await (await this.#store()).before(null))?.id ?? 0;
  }

  #rest(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#last = null;
  }
}
