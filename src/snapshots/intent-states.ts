/** What intents were found to be: a row for as long as it stayed so. */
import type { IntentFinding, IntentPeriod, IntentState } from '../model/intent.ts';
import type { Session } from './database.ts';

/** A verdict that changed. */
export interface Turn {
  readonly before: IntentState;
  readonly finding: IntentFinding;
}

const read = (data: string) => JSON.parse(data) as IntentFinding;

/** Counters and ages stand in sentences: two findings are the same when the state, the cause but for its text, and the flow are. */
const essence = ({ state, cause, witness, candidates }: IntentFinding) => JSON.stringify([state, cause?.code, cause?.parameters, witness, candidates]);

/** Closes what is no longer so or was not looked at, and opens what is new. An intent that is looked at for the first time did not change. */
export async function updateIntentStates(session: Session, snapshotId: number, findings: readonly IntentFinding[]): Promise<Turn[]> {
  const open = new Map((await session.intentState.findMany({ where: { toSnapshot: null } })).map((row) => [row.intent, row]));
  const fresh: IntentFinding[] = [];
  const turns: Turn[] = [];
  for (const finding of findings) {
    const now = open.get(finding.intent);
    if (now && essence(read(now.data)) === essence(finding)) {
      open.delete(finding.intent);
      continue;
    }
    fresh.push(finding);
    const before = now ?? (await session.intentState.findFirst({ where: { intent: finding.intent }, orderBy: { fromSnapshot: 'desc' } }));
    if (before && before.state !== finding.state) turns.push({ before: read(before.data).state, finding });
  }
  await session.intentState.updateMany({ where: { id: { in: [...open.values()].map(({ id }) => id) } }, data: { toSnapshot: snapshotId } });
  const rows = fresh.map((finding) => ({ intent: finding.intent, state: finding.state, data: JSON.stringify(finding), fromSnapshot: snapshotId }));
  await session.intentState.createMany({ data: rows });
  return turns;
}

type Row = { readonly data: string; readonly fromSnapshot: number; readonly toSnapshot: number | null };
const period = ({ data, fromSnapshot: from, toSnapshot: to }: Row): IntentPeriod => ({ finding: read(data), from, to });

/** By their words. */
export async function intentsAt(session: Session, snapshotId: number): Promise<IntentPeriod[]> {
  const rows = await session.intentState.findMany({
    where: { fromSnapshot: { lte: snapshotId }, OR: [{ toSnapshot: null }, { toSnapshot: { gt: snapshotId } }] },
    orderBy: { intent: 'asc' },
  });
  return rows.map(period);
}

/** Newest first. */
export async function intentHistory(session: Session, intent: string): Promise<IntentPeriod[]> {
  return (await session.intentState.findMany({ where: { intent }, orderBy: { fromSnapshot: 'desc' } })).map(period);
}

/** Every intent that was ever looked at. */
export async function knownIntents(session: Session): Promise<string[]> {
  return (await session.intentState.groupBy({ by: ['intent'], orderBy: { intent: 'asc' } })).map(({ intent }) => intent);
}
