/** Since when an answer is as it is, and what turned it. */
import type { Change } from './change.ts';
import type { SnapshotInfo } from './snapshot.ts';

/** `CHANGED`: it was the other way before. The next two: in all of the kept history. `UNKNOWN`: the answer of now is not certain, so there is nothing to look for. */
export const SINCE_STATES = ['CHANGED', 'NEVER_WORKED', 'ALWAYS_WORKED', 'UNKNOWN'] as const;

export interface Since {
  readonly state: (typeof SINCE_STATES)[number];
  /** One sentence for a person. */
  readonly text: string;
  /** The last snapshot in which it was the other way. */
  readonly lastOther: SnapshotInfo | null;
  /** The first one after it that is as now; null: there is none, it turned after the newest. */
  readonly first: SnapshotInfo | null;
  /** What turned it, the most telling first. */
  readonly changes: readonly Change[];
  /** Undoing some of `changes` in the model, and nothing else, turned the answer back. */
  readonly proved: boolean;
  /** How many snapshots the question was asked of. */
  readonly evaluated: number;
  /** False: not all snapshots after `lastOther` in which something changed were asked, so it may have turned to and fro in between. */
  readonly certain: boolean;
}
