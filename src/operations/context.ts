import type { Schedule } from '../model/schedule.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Estates } from './estates.ts';

/** What every operation works with. */
export interface Context {
  readonly estates: Estates;
  /** Opened when first needed: most questions need no database. */
  store(): Promise<SnapshotStore>;
  readonly schedules: readonly Schedule[];
  /** Hears of bugs that a door must not show. */
  report(error: unknown): void;
}
