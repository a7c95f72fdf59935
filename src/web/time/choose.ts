/** Which two snapshots are compared. */
import type { MomentFields } from '../../generated/page.ts';

export interface Ends {
  /** Null: there is nothing before. */
  readonly from: string | null;
  readonly to: string;
}

/** `moments` is newest first. By itself a moment is compared with the one before it; `other` moves the other end of what is compared now. */
export function chosen(moments: readonly MomentFields[], id: string, now: Ends | null, other: boolean): Ends {
  if (other && now) {
    const [from, to] = [now.to, id].sort((a, b) => orderOf(a) - orderOf(b)) as [string, string];
    if (from !== to) return { from, to };
  }
  const place = moments.findIndex(({ snapshot }) => snapshot.id === id);
  return { from: moments[place + 1]?.snapshot.id ?? null, to: id };
}

/** Ids grow; now is later than all. */
const orderOf = (reference: string): number => (reference === 'live' ? Number.POSITIVE_INFINITY : Number(reference));

/** What a person who comes by wants to see: the last moment in which something changed. */
export function latestChange(moments: readonly MomentFields[]): Ends | null {
  const changed = moments.find(({ changes }, i) => changes > 0 && i + 1 < moments.length) ?? moments[0];
  return changed ? chosen(moments, changed.snapshot.id, null, false) : null;
}
