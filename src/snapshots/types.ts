import type { EstateFacts } from '../model/facts.ts';
import type { IntentFinding } from '../model/intent.ts';
import type { EntityKind } from '../model/snapshot.ts';

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
  /** The time for which a schedule takes it; of several for one time one alone is kept. `dueAt`: ISO 8601. */
  readonly due?: { readonly schedule: string; readonly dueAt: string };
  /** What was found of the intents, and the names of the targets that hear of a verdict that changed. */
  readonly watched?: { readonly findings: readonly IntentFinding[]; readonly targets: readonly string[] };
  /** Hears how many bytes of facts were added, when it is written. */
  readonly wrote?: (bytes: number) => void;
  /** What a host's things mean, as a hash by kind. */
  meaning(host: string): ReadonlyMap<string, string>;
}

export interface SearchQuery {
  readonly text: string;
  readonly kinds: readonly EntityKind[];
  /** Null: in all snapshots. */
  readonly snapshotId: number | null;
  readonly limit: number;
}
