/** What can be subscribed to. */
import { UserError } from '../model/errors.ts';
import type { Notice } from '../model/notice.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { invariant } from '../util/invariant.ts';
import type { Channel } from './channel.ts';
import type { Context } from './context.ts';
import { type DiffResult, diff } from './diff.ts';
import type { Events, Progress } from './events.ts';
import { wordNotices } from './word-notice.ts';

function eventsOf({ events }: Context): Events {
  invariant(events, 'a service without events');
  return events;
}

export const snapshotTaken = (context: Context): Promise<Channel<SnapshotInfo>> => eventsOf(context).snapshots(async (snapshot) => [snapshot]);

/** Of one intent, or of all. */
export const intentChanged = (context: Context, input: { readonly intent?: string | null }): Promise<Channel<Notice>> =>
  eventsOf(context).snapshots(
    unlessDeleted(async ({ id }) => (await wordNotices(context, id)).filter(({ intent }) => input.intent == null || intent === input.intent)),
  );

/** What changed since the snapshot before, when something did. */
export const diffDetected = (context: Context): Promise<Channel<DiffResult>> =>
  eventsOf(context).snapshots(
    unlessDeleted(async ({ id }) => {
      const before = await (await context.store()).before(id);
      if (before === null) return [];
      const found = await diff(context, { from: String(before.id), to: String(id) });
      return found.changes.length > 0 ? [found] : [];
    }),
  );

export const snapshotProgress = (context: Context): Channel<Progress> => eventsOf(context).progress();

/** A snapshot may be gone again before it was told of. */
function unlessDeleted<T>(work: (snapshot: SnapshotInfo) => Promise<readonly T[]>): (snapshot: SnapshotInfo) => Promise<readonly T[]> {
  return (snapshot) =>
    work(snapshot).catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'UNKNOWN_SNAPSHOT') return [];
      throw error;
    });
}
