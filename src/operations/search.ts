import { z } from 'zod';
import { ENTITY_KINDS, type SearchHit } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { parseInput } from './parse-input.ts';

export const searchInput = z.strictObject({
  text: z.string().min(1).max(200).describe('Part of a name or id, or a whole address.'),
  kind: z.enum(ENTITY_KINDS).nullish().describe('Only this kind.'),
  at: z.string().nullish().describe('Only in this snapshot; in all of them when not given.'),
  first: z.coerce.number().int().min(1).max(1000).nullish().describe('At most so many; 100 when not given.'),
});

/** What the snapshots hold; each thing once, as it was when last seen. Throws UserError BAD_ARGUMENT or UNKNOWN_SNAPSHOT. */
export async function search(context: Context, raw: unknown): Promise<SearchHit[]> {
  const input = parseInput(searchInput, raw, 'BAD_ARGUMENT', 'search');
  const store = await context.store();
  const snapshotId = input.at == null ? null : (await store.resolve(input.at)).id;
  return store.search({ text: input.text, kinds: input.kind ? [input.kind] : ENTITY_KINDS, snapshotId, limit: input.first ?? 100 });
}
