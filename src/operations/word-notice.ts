/** What changed is known once the snapshot is there to be compared with the one before. */
import { UserError } from '../model/errors.ts';
import type { Notice } from '../model/notice.ts';
import { noticeText } from '../notices/words.ts';
import type { UnwordedNotice } from '../snapshots/notices.ts';
import type { Context } from './context.ts';
import { diff } from './diff.ts';

/** The notices with their texts, which are made and kept where they have none yet. */
export async function worded(context: Context, notices: readonly UnwordedNotice[]): Promise<Notice[]> {
  const changes = new Map<number, string | null>();
  const done: Notice[] = [];
  for (const notice of notices) {
    if (notice.text !== null) {
      done.push({ ...notice, text: notice.text });
      continue;
    }
    const { snapshotId } = notice;
    if (!changes.has(snapshotId)) changes.set(snapshotId, await changesOf(context, snapshotId));
    const changed = changes.get(snapshotId) ?? null;
    done.push({ ...notice, changes: changed, text: noticeText(notice, changed) });
  }
  const fresh = done.filter((_, place) => notices[place]!.text === null);
  if (fresh.length > 0) await (await context.store()).watch.wordNotices(fresh);
  return done;
}

/** Null when one of the two snapshots is gone. */
async function changesOf(context: Context, snapshotId: number): Promise<string | null> {
  const before = await (await context.store()).before(snapshotId);
  if (before === null) return null;
  try {
    return (await diff(context, { from: String(before.id), to: String(snapshotId) })).summary;
  } catch (error) {
    if (error instanceof UserError && error.code === 'UNKNOWN_SNAPSHOT') return null;
    throw error;
  }
}

/** Of all verdicts that a snapshot changed, in the order of their intents. */
export async function wordNotices(context: Context, snapshotId: number): Promise<Notice[]> {
  const notices = await (await context.store()).watch.listNotices({ snapshotId });
  return worded(context, notices.toReversed());
}
