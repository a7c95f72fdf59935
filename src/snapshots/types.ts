import type { EstateFacts } from '../model/facts.ts';

export const ENTITY_KINDS = ['host', 'network', 'endpoint', 'natRule'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** What a stored entity can be found by. */
export interface EntityRow {
  /** Stable id, for example `network:h1/appnet`. */
  readonly key: string;
  readonly host: string;
  readonly name: string;
  readonly addresses: readonly string[];
  /** The whole entity; JSON. */
  readonly data: unknown;
}

export type EntityRows = Readonly<Record<EntityKind, readonly EntityRow[]>>;

export interface NewSnapshot {
  readonly facts: EstateFacts;
  readonly entities: EntityRows;
  /** How many gaps the model of these facts has. */
  readonly gaps: number;
  readonly label: string | null;
}

export interface SnapshotInfo {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly label: string | null;
  readonly hostCount: number;
  readonly networkCount: number;
  readonly endpointCount: number;
  readonly natRuleCount: number;
  readonly gapCount: number;
}

export interface SearchQuery {
  readonly text: string;
  readonly kinds: readonly EntityKind[];
  /** Null: in all snapshots. */
  readonly snapshotId: number | null;
  readonly limit: number;
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
