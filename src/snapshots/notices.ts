/** Notices, and how far each got on its way to each target. */
import type { Delivery, DeliveryState, Notice } from '../model/notice.ts';
import type { Database, Session } from './database.ts';
import type { Turn } from './intent-states.ts';
import { write } from './write.ts';

/** What is known of a notice before it is put into words. */
export type UnwordedNotice = Omit<Notice, 'text'> & { readonly text: string | null };

/** `changes` and `text` are filled in when the snapshot is there to be compared. */
interface Data extends Turn {
  readonly intent: string;
  readonly changes: string | null;
  readonly text: string | null;
}

export async function insertNotices(
  session: Session,
  snapshot: { readonly id: number; readonly takenAt: Date },
  turns: readonly Turn[],
  targets: readonly string[],
) {
  for (const { before, finding } of turns) {
    const data: Data = { intent: finding.intent, before, finding, changes: null, text: null };
    const deliveries = targets.map((target) => ({ target, state: 'PENDING' satisfies DeliveryState, nextAttempt: snapshot.takenAt }));
    const key = `${snapshot.id} ${finding.intent}`;
    await session.notice.create({
      data: { key, kind: 'intent', at: snapshot.takenAt, snapshotId: snapshot.id, data: JSON.stringify(data), deliveries: { create: deliveries } },
    });
  }
}

type DeliveryRow = { target: string; state: string; attempts: number; nextAttempt: Date; lastError: string | null };
type Row = { id: number; key: string; at: Date; snapshotId: number; data: string; deliveries: DeliveryRow[] };

const delivery = ({ target, state, attempts, nextAttempt, lastError }: DeliveryRow): Delivery => ({
  target,
  state: state as DeliveryState,
  attempts,
  nextAttempt: nextAttempt.toISOString(),
  lastError,
});

function notice({ id, key, at, snapshotId, data, deliveries }: Row): UnwordedNotice {
  const { intent, before, finding, changes, text } = JSON.parse(data) as Data;
  return { id, key, at: at.toISOString(), snapshotId, intent, before, after: finding.state, finding, changes, text, deliveries: deliveries.map(delivery) };
}

const deliveries = { orderBy: { target: 'asc' } } as const;

/** Newest first; `dead`: those that could not be delivered somewhere. */
export async function listNotices(
  session: Session,
  { dead, snapshotId }: { readonly dead?: boolean; readonly snapshotId?: number },
): Promise<UnwordedNotice[]> {
  const where = { ...(dead && { deliveries: { some: { state: 'DEAD' satisfies DeliveryState } } }), ...(snapshotId !== undefined && { snapshotId }) };
  const rows = await session.notice.findMany({ where, orderBy: { id: 'desc' }, include: { deliveries } });
  return rows.map(notice);
}

export async function findNotice(session: Session, id: number): Promise<UnwordedNotice | null> {
  const row = await session.notice.findUnique({ where: { id }, include: { deliveries } });
  return row && notice(row);
}

/** Keeps what changed and the text. */
export async function wordNotices(database: Database, notices: readonly Notice[]): Promise<void> {
  await write(database, async (session) => {
    for (const { id, intent, before, finding, changes, text } of notices) {
      const data: Data = { intent, before, finding, changes, text };
      await session.notice.updateMany({ where: { id }, data: { data: JSON.stringify(data) } });
    }
  });
}

export interface Due {
  readonly noticeId: number;
  readonly target: string;
  /** Before this one. */
  readonly attempts: number;
}

/** What is to be tried now, the oldest. Milliseconds since 1970. */
export async function dueDelivery(session: Session, target: string, now: number): Promise<Due | null> {
  return session.delivery.findFirst({
    where: { target, state: 'PENDING', nextAttempt: { lte: new Date(now) } },
    orderBy: [{ nextAttempt: 'asc' }, { noticeId: 'asc' }],
    select: { noticeId: true, target: true, attempts: true },
  });
}

/** False: another took it. Until `leaseEnd`, asked for when it is this one's turn to write, nobody else tries. */
export async function claimDelivery(database: Database, { noticeId, target, attempts }: Due, leaseEnd: () => number): Promise<boolean> {
  const { count } = await write(database, (session) =>
    session.delivery.updateMany({
      where: { noticeId, target, state: 'PENDING', attempts },
      data: { attempts: attempts + 1, nextAttempt: new Date(leaseEnd()) },
    }),
  );
  return count === 1;
}

/** What became of a claimed attempt; nothing when the claim was lost meanwhile. */
export async function settleDelivery(
  database: Database,
  { noticeId, target, attempts }: Due,
  outcome: { readonly state: DeliveryState; readonly nextAttempt: number; readonly lastError: string | null },
): Promise<void> {
  const { state, nextAttempt, lastError } = outcome;
  await write(database, (session) =>
    session.delivery.updateMany({
      where: { noticeId, target, state: 'PENDING', attempts: attempts + 1 },
      data: { state, lastError, nextAttempt: new Date(nextAttempt) },
    }),
  );
}

/** Those that are dead are tried again from the beginning; how many there were. */
export async function retryDeliveries(database: Database, noticeId: number, now: number): Promise<number> {
  const { count } = await write(database, (session) =>
    session.delivery.updateMany({ where: { noticeId, state: 'DEAD' }, data: { state: 'PENDING', attempts: 0, nextAttempt: new Date(now) } }),
  );
  return count;
}
