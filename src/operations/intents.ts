import { parseAll, readWritten, type Written } from '../intents/read.ts';
import { UserError } from '../model/errors.ts';
import type { IntentPeriod } from '../model/intent.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { nearest } from '../util/nearest.ts';
import type { Context } from './context.ts';
import { type Page, type PageInput, paginate } from './page.ts';

/** The intents that a YAML file holds, each with its place. Throws UserError BAD_INTENT with file and line. */
export function intentsIn(file: string, text: string): readonly Written[] {
  const written = readWritten(file, text);
  parseAll(written);
  return written;
}

export interface IntentsResult {
  readonly snapshot: SnapshotInfo;
  readonly intents: readonly IntentPeriod[];
}

/** As of a snapshot, the latest when none is given; those alone that were checked when it was taken. Throws UserError UNKNOWN_SNAPSHOT. */
export async function intents(context: Context, input: { readonly at?: string | null }): Promise<IntentsResult> {
  const store = await context.store();
  const snapshot = await store.resolve(input.at ?? 'latest');
  return { snapshot, intents: await store.watch.intentsAt(snapshot.id) };
}

/** Every value that an intent had, newest first. Throws UserError BAD_CURSOR, and NOT_FOUND for one that was never checked on a snapshot. */
export async function intentHistory(context: Context, input: PageInput & { readonly intent: string }): Promise<Page<IntentPeriod>> {
  const { watch } = await context.store();
  const text = input.intent.trim().replace(/\s+/g, ' ');
  const found = await watch.intentHistory(text);
  if (found.length > 0) return paginate(found, ({ from }) => String(from), input);
  throw new UserError(
    'NOT_FOUND',
    `No snapshot was checked for ${JSON.stringify(text.slice(0, 200))}.`,
    'Put it under `intents` in the configuration, and take a snapshot.',
    nearest(text, await watch.knownIntents()),
  );
}
