/** What is known of a snapshot without its contents, and what a search in snapshots finds. */
import type { FieldChange } from './change.ts';

/** Kinds of things that are kept for search. */
export const ENTITY_KINDS = ['host', 'network', 'container', 'endpoint', 'natRule'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

export interface SnapshotInfo {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly label: string | null;
  /** Kept for ever. */
  readonly pinned: boolean;
  readonly hostCount: number;
  readonly networkCount: number;
  readonly endpointCount: number;
  readonly natRuleCount: number;
  readonly gapCount: number;
}

/** A thing that snapshots hold, with every value it had. */
export interface ObjectHistory {
  readonly kind: EntityKind;
  readonly id: string;
  readonly host: string;
  readonly name: string;
  /** Oldest first. */
  readonly values: readonly ObjectValue[];
}

export interface ObjectValue {
  /** The first snapshot that has it. */
  readonly from: SnapshotInfo;
  /** The first one after it in which it was otherwise, or gone; null: it is still so. */
  readonly until: SnapshotInfo | null;
  readonly data: unknown;
  /** Against the value before; empty for the first, and where it was gone in between. */
  readonly changes: readonly FieldChange[];
}

export interface SearchHit {
  readonly kind: EntityKind;
  readonly id: string;
  readonly host: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly data: unknown;
  /** Ids of the first and last snapshot that have it, and how many do. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly snapshotCount: number;
}

/** Something in the database that is not as it was written. */
export interface Damage {
  /** The first snapshot that it concerns; null: the database as a whole. */
  readonly snapshotId: number | null;
  readonly host: string | null;
  readonly what: string;
}

/** What was looked at, and the damage that was found. */
export interface DatabaseCheck {
  readonly snapshots: number;
  readonly hosts: number;
  /** Stored changes of hosts, each with a checksum. */
  readonly segments: number;
  readonly damage: readonly Damage[];
}
