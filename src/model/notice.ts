/** Something that is told: who hears of it, what it is, and how far it got. */
import type { IntentFinding, IntentState } from './intent.ts';

export const NOTICE_FORMATS = ['json', 'slack'] as const;
export type NoticeFormat = (typeof NOTICE_FORMATS)[number];

/** A webhook as the configuration names it. Its URL may be a credential: neither it nor the secret is shown. */
export interface NoticeTarget {
  readonly name: string;
  readonly url: string;
  readonly format: NoticeFormat;
  /** Where the secret that signs is read, each time that it is needed; null: not signed. */
  readonly secret: { readonly file: string } | { readonly env: string } | null;
}

export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface Delivery {
  readonly target: string;
  /** DEAD: it was tried often enough, and is tried again when asked for. */
  readonly state: DeliveryState;
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly nextAttempt: string;
  readonly lastError: string | null;
}

/** A verdict of an intent that changed. */
export interface Notice {
  readonly id: number;
  /** The same event again has the same. */
  readonly key: string;
  /** ISO 8601, UTC: when the snapshot was taken. */
  readonly at: string;
  readonly snapshotId: number;
  readonly intent: string;
  readonly before: IntentState;
  readonly after: IntentState;
  readonly finding: IntentFinding;
  /** What changed since the snapshot before: the summary of the diff; null when that snapshot is gone. */
  readonly changes: string | null;
  /** All of it as one text for a person. */
  readonly text: string;
  readonly deliveries: readonly Delivery[];
}
