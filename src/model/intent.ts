/** What must hold between places, as a person wrote it, and what was found. */
import type { Cause, Verdict } from './answer.ts';
import type { Protocol } from './packet.ts';

/** Who is meant: one place as `why` accepts it, or a set of containers. */
export type Party =
  | { readonly kind: 'name'; readonly reference: string }
  | { readonly kind: 'labelled'; readonly key: string; readonly value: string }
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'project'; readonly name: string };

export interface IntentTarget {
  readonly party: Party;
  /** Null: every port that it listens on. */
  readonly port: number | null;
  readonly protocol: 'tcp' | 'udp';
}

export interface Intent {
  /** `only`: the subjects may, all other containers, hosts and the internet must not. */
  readonly kind: 'must' | 'must-not' | 'only';
  readonly subjects: readonly Party[];
  readonly target: IntentTarget;
  /** As written, with single spaces: what it is known by. */
  readonly text: string;
}

export const INTENT_STATES = ['HOLDS', 'BROKEN', 'UNKNOWN'] as const;
export type IntentState = (typeof INTENT_STATES)[number];

/** A flow that shows why. */
export interface Witness {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number | null;
  readonly verdict: Verdict;
}

/** What an intent was found to be, and why. */
export interface IntentFinding {
  readonly intent: string;
  readonly state: IntentState;
  /** One sentence for a person: the engine's about the witness, or why it cannot be told. */
  readonly sentence: string;
  readonly cause: Cause | null;
  /** The first flow that fails; else the first that is undecided; else the first. Null when none could be asked. */
  readonly witness: Witness | null;
  /** How many flows were asked. */
  readonly flows: number;
  readonly failing: number;
  readonly undecided: number;
  /** False: there are more flows than are asked, and the counts are of those that were. */
  readonly complete: boolean;
  /** UNKNOWN: what would settle it. */
  readonly needs: readonly string[];
  /** Nearest names, for an intent that names nobody. */
  readonly candidates: readonly string[];
}

/** What an intent was found to be, and in which snapshots. */
export interface IntentPeriod {
  readonly finding: IntentFinding;
  /** Id of the first snapshot in which it was so. */
  readonly from: number;
  /** Id of the first one in which it was no longer so; null: still so in the newest. */
  readonly to: number | null;
}
