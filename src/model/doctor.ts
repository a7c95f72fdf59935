/** What netwhy can and cannot do where it runs. */
export const CHECK_STATES = ['OK', 'WARN', 'FAIL'] as const;
/** WARN: something is limited; FAIL: it cannot work so. */
export type CheckState = (typeof CHECK_STATES)[number];

export interface Check {
  /** What was looked at: `capabilities`, `tool nft`, `host h1`, `database`, ... */
  readonly name: string;
  readonly state: CheckState;
  /** What was found. */
  readonly text: string;
  /** What follows from it, and what to do; null when all is well. */
  readonly remedy: string | null;
}

export interface Diagnosis {
  /** The worst of all. */
  readonly state: CheckState;
  readonly checks: readonly Check[];
}
