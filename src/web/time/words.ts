/** Names of the schema as a person says them. */

import type { MomentFields, MomentSnapshot, PlaceFields } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { exactTime } from '../common/time.ts';

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString()} ${count === 1 ? one : many}`;

/** `NAT_RULE` → "NAT rule". */
export const kindName = (kind: string): string =>
  kind
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/^nat\b/, 'NAT');

export const snapshotName = ({ id, label }: Pick<MomentSnapshot, 'id' | 'label'>): string =>
  label === null ? `snapshot ${id}` : `“${printable(label)}” (${id})`;

export function momentName({ snapshot, snapshots, changes, kinds, marked }: MomentFields): string {
  const what = changes === 0 ? 'no change' : `changes of ${kinds.map(kindName).join(', ')}`;
  const many = snapshots > 1 ? `, the last of ${snapshots}` : '';
  const marks = marked.map((m) => `${m.label === null ? `snapshot ${m.id}` : `“${printable(m.label)}”`}${m.pinned ? ', pinned' : ''}`).join('; ');
  return `${exactTime(snapshot.takenAt)}, snapshot ${snapshot.id}${many}: ${what}${marks && `; ${marks}`}`;
}

export const placeName = ({ kind, host, name }: PlaceFields): string =>
  kind === 'INTERNET' ? 'the internet' : printable(kind === 'HOST' ? `host ${host ?? name}` : name);

/** The first few, and how many more. */
export const listed = (names: readonly string[], most = 4): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
