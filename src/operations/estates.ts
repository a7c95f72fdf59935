/** Where estates come from: a collection that is at most a few seconds old, or a snapshot. */
import { UserError } from '../model/errors.ts';
import type { EstateFacts } from '../model/facts.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import { Estate } from './estate.ts';

export interface EstatesOptions {
  readonly collect: () => Promise<EstateFacts>;
  readonly store: () => Promise<SnapshotStore>;
  /** How long a collection is good for, in milliseconds. */
  readonly cacheMs: number;
  /** How many snapshots are kept in memory. */
  readonly keep?: number;
}

export class Estates {
  readonly #options: EstatesOptions;
  readonly #snapshots = new Map<number, Estate>();
  readonly #reading = new Map<number, Promise<EstateFacts>>();
  #live: { readonly estate: Estate; readonly at: number } | null = null;
  #running: Promise<Estate> | null = null;

  constructor(options: EstatesOptions) {
    this.#options = options;
  }

  /** Null, `live` and `now` mean live; else a snapshot reference, see SnapshotStore.resolve. */
  async at(reference: string | null | undefined): Promise<Estate> {
    if (reference === null || reference === undefined || isLive(reference)) return this.#cached();
    const store = await this.#options.store();
    const snapshot = await store.resolve(reference);
    const known = this.#snapshots.get(snapshot.id);
    const facts = known?.facts ?? (await this.#read(store, snapshot.id));
    const made = this.#snapshots.get(snapshot.id);
    // A label may have changed since.
    const estate = made?.snapshot?.label === snapshot.label ? made : new Estate(facts, snapshot);
    this.#snapshots.delete(snapshot.id);
    this.#snapshots.set(snapshot.id, estate);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > (this.#options.keep ?? 8) && oldest !== undefined) this.#snapshots.delete(oldest);
    return estate;
  }

  /** All who ask for a snapshot while it is read get the same facts. */
  #read(store: SnapshotStore, id: number): Promise<EstateFacts> {
    const reading = this.#reading.get(id) ?? store.facts(id).finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  /** The hosts alone that are not the same in both; whole estates where one side is live. */
  async changed(from: string, to: string): Promise<readonly [Estate, Estate]> {
    if (isLive(from) || isLive(to)) return [await this.at(from), await this.at(to)];
    const store = await this.#options.store();
    const [before, after] = [await store.resolve(from), await store.resolve(to)];
    const hosts = await store.changedHosts(before.id, after.id);
    return [new Estate(await store.facts(before.id, hosts), before), new Estate(await store.facts(after.id, hosts), after)];
  }

  /** A collection that starts now: one that runs already may have missed what the caller just did. */
  async fresh(): Promise<Estate> {
    while (this.#running) await this.#running.catch(() => undefined);
    return this.#collect();
  }

  /** The last collection, whatever its age; null before the first. */
  get newest(): Estate | null {
    return this.#live?.estate ?? null;
  }

  forget(snapshotId: number): void {
    this.#snapshots.delete(snapshotId);
  }

  async #cached(): Promise<Estate> {
    if (this.#live && Date.now() - this.#live.at < this.#options.cacheMs) return this.#live.estate;
    return this.#collect();
  }

  /** All who ask while one collection runs get its result. */
  #collect(): Promise<Estate> {
    this.#running ??= this.#options
      .collect()
      .then((facts) => {
        assertRead(facts);
        const estate = new Estate(facts, null);
        this.#live = { estate, at: Date.now() };
        return estate;
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }
}

export function isLive(reference: string): boolean {
  return reference === 'live' || reference === 'now';
}

/** Part of an estate is worth having; none of it is an error. */
function assertRead(facts: EstateFacts): void {
  if (facts.some((host) => host.facts.some(({ status }) => status === 'ok'))) return;
  const failed = facts.flatMap((host) => host.facts.map(({ reason }) => `${host.host}: ${reason ?? 'no reason given'}`));
  const first = failed[0] ?? 'no host gave any fact';
  throw new UserError('COLLECTION_FAILED', `Nothing could be read. ${first}`, 'Run netwhy as root on the machine itself, or name its hosts in netwhy.yaml.');
}
