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

/** What is made of a snapshot that subscribers are told of is made once for all of them. */
type Made<T> = WeakMap<SnapshotInfo, Promise<readonly T[]>>;
const worded: Made<Notice> = new WeakMap();
const compared: Made<DiffResult> = new WeakMap();

function once<T>(made: Made<T>, snapshot: SnapshotInfo, make: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const known = made.get(snapshot) ?? make();
  made.set(snapshot, known);
  return known;
}

/** Of one intent, or of all. */
export const intentChanged = (context: Context, input: { readonly intent?: string | null }): Promise<Channel<Notice>> =>
  eventsOf(context).snapshots(
    unlessDeleted(async (snapshot) => {
      const notices = await once(worded, snapshot, () => wordNotices(context, snapshot.id));
      return notices.filter(({ intent }) => input.intent == null || intent === input.intent);
    }),
  );

/** What changed since the snapshot before, when something did. */
export const diffDetected = (context: Context): Promise<Channel<DiffResult>> =>
  eventsOf(context).snapshots(
    unlessDeleted((snapshot) =>
      once(compared, snapshot, async () => {
        const before = await (await context.store()).before(snapshot.id);
        if (before === null) return [];
        const found = await diff(context, { from: String(before.id), to: String(snapshot.id) });
        return found.changes.length > 0 ? [found] : [];
      }),
    ),
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
