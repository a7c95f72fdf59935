/** What is compared: entries with a key that outlives restarts, and the fields that matter. */
import type { ChangeKind } from '../model/change.ts';
import type { Rule } from '../model/firewall.ts';

export type FieldValue = string | number | boolean | null | readonly FieldValue[] | { readonly [key: string]: FieldValue };

export interface Entry {
  /** Unique in its section. */
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What a person reads; the key where it is left out. */
  readonly label?: string;
  /** Entries whose order counts: rules of a chain. `position` is 1-based. */
  readonly place?: { readonly chain: string; readonly position: number; readonly rule: Rule };
}

/** Entries that are known or unknown together. */
export interface Section {
  readonly kind: ChangeKind;
  /** Netns.key, or null for what belongs to the host. */
  readonly netns: string | null;
  /** Tells sections of one kind and namespace apart, for example `iptables-nft ip`. */
  readonly part: string;
  readonly entries: readonly Entry[];
  /** Why the entries are not known. */
  readonly unknown: string | null;
}

/** Duplicates are told apart by counting: the second of two equal keys becomes `key (2)`. */
export function numbered(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const n = (seen.get(entry.key) ?? 0) + 1;
    seen.set(entry.key, n);
    return n === 1 ? entry : { ...entry, key: `${entry.key} (${n})`, label: entry.label ?? entry.key };
  });
}

/** JSON with sorted keys: equal values give equal text. */
export function stableJson(value: FieldValue): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const record = value as { readonly [key: string]: FieldValue };
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${stableJson(record[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
