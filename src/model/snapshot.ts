/** What is known of a snapshot without its contents, and what a search in snapshots finds. */
import type { ChangeKind, FieldChange } from './change.ts';

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

/** How long the moments of a timeline are; `snapshot`: each snapshot is one. */
export const TIMELINE_STEPS = ['snapshot', 'hour', 'day'] as const;
export type TimelineStep = (typeof TIMELINE_STEPS)[number];

/** The snapshots of an hour or a day (UTC), or one alone. */
export interface Moment {
  /** The last of them. */
  readonly snapshot: SnapshotInfo;
  /** How many there are. */
  readonly snapshots: number;
  /** How many were not as the one before: in how many places, one for each kind of things on each host. */
  readonly changes: number;
  /** Kinds of things of which some changed. */
  readonly kinds: readonly ChangeKind[];
  /** Those that bear a label or are pinned, newest first. */
  readonly marked: readonly SnapshotInfo[];
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
