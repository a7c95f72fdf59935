/** Where a conclusion comes from: a line that a person can read again. */
export interface Evidence {
  readonly host: string;
  /** Name of the network namespace, null for a fact of the whole host. */
  readonly netns: string | null;
  /** The fact's source, for example `iptables-nft`. */
  readonly collector: string;
  /** `line 12` of a text, or a JSON pointer (RFC 6901). */
  readonly locator: string;
  readonly excerpt: string;
  readonly counters?: Counters;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
}

export interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

/** A place inside one fact; joined with its host and namespace it becomes Evidence. */
export interface SourceRef {
  readonly source: string;
  readonly locator: string;
}

/** Something that could not be read or understood, and what follows from it. */
export interface Gap {
  readonly host: string;
  readonly netns: string | null;
  readonly source: string;
  /** What is missing and how to get it. */
  readonly reason: string;
}

/** A value that may be missing. Nothing downstream may treat `known: false` as empty. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly gap: Gap };
