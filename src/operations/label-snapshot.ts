import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';

/** Null takes the label away. Throws UserError UNKNOWN_SNAPSHOT or BAD_ARGUMENT. */
export async function labelSnapshot(context: Context, input: { readonly id: string; readonly label: string | null }): Promise<SnapshotInfo> {
  const label = checkLabel(input.label);
  const store = await context.store();
  const snapshot = await store.resolve(input.id);
  return store.label(snapshot.id, label);
}

const RESERVED = ['latest', 'previous', 'live', 'now'];

/** A label must not read as another kind of reference. */
export function checkLabel(label: string | null): string | null {
  if (label === null) return null;
  const text = label.trim();
  if (text === '' || text.length > 200) throw new UserError('BAD_ARGUMENT', 'A label has 1 to 200 characters.', 'Choose another label.');
  if (/\p{Cc}/u.test(text)) throw new UserError('BAD_ARGUMENT', 'A label has no control characters.', 'Choose another label.');
  if (RESERVED.includes(text) || /^\d+$/.test(text)) {
    throw new UserError(
      'BAD_ARGUMENT',
      `The label ${JSON.stringify(text)} would be taken for another reference.`,
      `Numbers and ${RESERVED.join(', ')} have a meaning of their own.`,
    );
  }
  return text;
}
