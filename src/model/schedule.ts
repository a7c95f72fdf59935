/** When snapshots are taken without anybody asking, and what became of each time. */

export type When =
  /** `timezone`: IANA name; five fields, or six with seconds first. */
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  /** Counted from 1970-01-01T00:00:00Z, so that every process means the same times. */
  | { readonly kind: 'every'; readonly seconds: number };

export interface Schedule {
  readonly name: string;
  readonly when: When;
  /** A run starts up to so many seconds after it is due, by chance. */
  readonly jitterSeconds: number;
  /** Of each snapshot that it takes. */
  readonly label: string | null;
}

export const RUN_STATES = ['TAKEN', 'MISSED', 'FAILED'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A time at which a schedule was due. */
export interface ScheduleRun {
  readonly schedule: string;
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  readonly state: RunState;
  /** The snapshot that was taken; it may have been deleted since. */
  readonly snapshotId: number | null;
  /** Why none was taken. */
  readonly reason: string | null;
}
