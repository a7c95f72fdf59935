/** What changed is known once the snapshot is there to be compared with the one before. */
import { UserError } from '../model/errors.ts';
import type { Notice } from '../model/notice.ts';
import { noticeText } from '../notices/words.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Context } from './context.ts';
import { diff } from './diff.ts';

type Stored = NonNullable<Awaited<ReturnType<SnapshotStore['watch']['findNotice']>>>;

/** The notice with its text, which is made and kept when it has none yet. */
export async function worded(context: Context, notice: Stored): Promise<Notice> {
  if (notice.text !== null) return { ...notice, text: notice.text };
  const changes = await changesOf(context, notice.snapshotId);
  const text = noticeText({ ...notice }, changes);
  await (await context.store()).watch.wordNotice(notice, changes, text);
  return { ...notice, changes, text };
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

/** Of all verdicts that a snapshot changed. */
export async function wordNotices(context: Context, snapshotId: number): Promise<Notice[]> {
  const notices = await (await context.store()).watch.listNotices({ snapshotId });
  const done: Notice[] = [];
  for (const notice of notices.toReversed()) done.push(await worded(context, notice));
  return done;
}
