/** Differences of two models. */
export const CHANGE_KINDS = ['host', 'network', 'endpoint', 'container', 'namespace', 'link', 'natRule', 'filterRule', 'route', 'listener', 'sysctl'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface FieldChange {
  readonly field: string;
  /** JSON text; null when the field was or is absent. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Change {
  readonly kind: ChangeKind;
  readonly action: 'added' | 'removed' | 'changed';
  readonly host: string;
  /** Stable identity inside the host, for example `appnet/web` or `host/filter/FORWARD -i eth0 -j DROP`. */
  readonly key: string;
  /** One line for a person. */
  readonly text: string;
  readonly fields: readonly FieldChange[];
}

export const GROUP_KINDS = ['container', 'network', 'other'] as const;

/** Changes with one cause. */
export interface ChangeGroup {
  /** What happened, in one line. */
  readonly title: string;
  readonly host: string;
  /** To what it happened; `other` where no container or network stands behind it. */
  readonly kind: (typeof GROUP_KINDS)[number];
  /** Of the container or network. */
  readonly name: string | null;
  /** Places in the list of changes. */
  readonly members: readonly number[];
}

export interface Diff {
  /** First sentence: what happened, then what changed, counted. */
  readonly summary: string;
  readonly changes: readonly Change[];
  /** Every change is in one of them. */
  readonly groups: readonly ChangeGroup[];
  /** Kinds that could not be compared because a side lacks the facts. */
  readonly incomparable: readonly { readonly host: string; readonly kind: ChangeKind; readonly reason: string }[];
}
