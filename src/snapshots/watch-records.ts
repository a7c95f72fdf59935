/** What was found of intents and who was told, bound to a database. */
import type { Database, Session } from './database.ts';
import { intentHistory, intentsAt, knownIntents, updateIntentStates } from './intent-states.ts';
import { claimDelivery, dueDelivery, findNotice, insertNotices, listNotices, retryDeliveries, settleDelivery, wordNotices } from './notices.ts';
import type { NewSnapshot } from './types.ts';

/** In the transaction of the snapshot: a verdict that changed and its notice are kept together or not at all. */
export async function recordFindings(
  session: Session,
  snapshot: { readonly id: number; readonly takenAt: Date },
  watched: NewSnapshot['watched'],
): Promise<void> {
  const turns = await updateIntentStates(session, snapshot.id, watched?.findings ?? []);
  await insertNotices(session, snapshot, turns, watched?.targets ?? []);
}

type Rest<F> = F extends (first: never, ...rest: infer R) => infer T ? (...rest: R) => T : never;
const bound =
  (database: Database) =>
  <F extends (database: Database, ...rest: never[]) => unknown>(work: F): Rest<F> =>
    ((...rest: never[]) => work(database, ...rest)) as Rest<F>;

export function watchRecords(database: Database) {
  const of = bound(database);
  return {
    intentsAt: of(intentsAt),
    intentHistory: of(intentHistory),
    knownIntents: of(knownIntents),
    listNotices: of(listNotices),
    findNotice: of(findNotice),
    wordNotices: of(wordNotices),
    dueDelivery: of(dueDelivery),
    claimDelivery: of(claimDelivery),
    settleDelivery: of(settleDelivery),
    retryDeliveries: of(retryDeliveries),
  };
}
