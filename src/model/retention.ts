/** How long snapshots are kept, in milliseconds of age; what is older than one tier falls to the next. */
export interface Retention {
  readonly keepAll: number;
  /** Until this age the first of each hour (UTC) is kept. */
  readonly hourly: number | null;
  /** Until this age the first of each day (UTC) is kept. */
  readonly daily: number | null;
}

/** What a pruning deletes, or would delete. */
export interface Pruned {
  readonly dryRun: boolean;
  /** Ids, oldest first. */
  readonly deleted: readonly number[];
  /** How many stay. */
  readonly kept: number;
  /** Null: the configuration says nothing, and everything is kept. */
  readonly retention: Retention | null;
}
