import { z } from 'zod';
import type { FieldChange } from '../model/change.ts';
import { UserError } from '../model/errors.ts';
import { ENTITY_KINDS, type ObjectHistory, type ObjectValue } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';
import { parseInput } from './parse-input.ts';

export const historyInput = z.strictObject({
  name: z.string().min(1).max(500).describe('Name or id of a host, network, container, endpoint or NAT rule.'),
  kind: z.enum(ENTITY_KINDS).nullish().describe('Only this kind.'),
  host: z.string().nullish().describe('Only on this host.'),
});

const MAX_VALUES = 5000;
const MAX_NAMES = 5000;

function changesOf(before: unknown, after: unknown): FieldChange[] {
  const [a, b] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((field) => ({ field, before: text(a[field]), after: text(b[field]) }))
    .filter((change) => change.before !== change.after);
}

/** Every value that the things of a name had in the kept history. Throws UserError BAD_ARGUMENT or NOT_FOUND. */
export async function history(context: Context, raw: unknown): Promise<ObjectHistory[]> {
  const { name, kind, host } = parseInput(historyInput, raw, 'BAD_ARGUMENT', 'history');
  const kinds = kind ? [kind] : ENTITY_KINDS;
  const store = await context.store();
  const rows = await store.objectValues({ text: name, kinds, host: host ?? null, limit: MAX_VALUES });
  if (rows.length === 0) {
    const names = await store.objectNames(kinds, MAX_NAMES);
    throw new UserError('NOT_FOUND', `No snapshot has a ${kind ?? 'thing'} called ${name}.`, 'Look for it with `netwhy search`.', nearest(name, names));
  }
  const snapshots = new Map((await store.list()).map((snapshot) => [snapshot.id, snapshot]));
  const objects = new Map<string, ObjectHistory & { values: ObjectValue[] }>();
  let last: { readonly key: string; readonly until: number | null; readonly data: unknown } | null = null;
  for (const { kind: of, key, host: on, name: called, data, fromSnapshot, toSnapshot } of rows) {
    const object = objects.get(key) ?? { kind: of, id: key, host: on, name: called, values: [] };
    const from = snapshots.get(fromSnapshot);
    if (!from) continue; // deleted while we read
    const changes = last?.key === key && last.until === fromSnapshot ? changesOf(last.data, data) : [];
    object.values.push({ from, until: toSnapshot === null ? null : (snapshots.get(toSnapshot) ?? null), data, changes });
    objects.set(key, object);
    last = { key, until: toSnapshot, data };
  }
  return [...objects.values()];
}
