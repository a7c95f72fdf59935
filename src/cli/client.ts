import type { ApiToken } from '../model/access.ts';
import type { Answer } from '../model/answer.ts';
import type { Diagnosis } from '../model/doctor.ts';
import type { EstateFacts } from '../model/facts.ts';
import type { IntentPeriod } from '../model/intent.ts';
import type { Notice } from '../model/notice.ts';
import type { Pruned } from '../model/retention.ts';
import type { DatabaseCheck, Moment, ObjectHistory, SearchHit, SnapshotInfo } from '../model/snapshot.ts';
import type { BatchItemJson } from '../operations/batch-json.ts';
import type { CheckResult } from '../operations/check.ts';
import type { DiffInput, DiffResult } from '../operations/diff.ts';
import type { FlowDiff } from '../operations/flow-diff.ts';
import type { IntentsResult } from '../operations/intents.ts';
import type { FoundList } from '../operations/list.ts';
import type { Matrix } from '../operations/matrix.ts';
import type { ScheduleInfo } from '../operations/schedules.ts';
import type { NewApiToken } from '../operations/tokens.ts';
import type { EntityOf, ViewName } from '../operations/views/index.ts';

export type Listing<V extends ViewName> = Omit<FoundList<EntityOf<V>>, 'cursors'>;
/** Snapshot reference; null: live. */
export type At = string | null;

/** What is asked for beside an answer: its history, a real packet. */
export type Extras = Readonly<Record<'since' | 'probe', boolean>>;

/** What the commands need, whether it is done here or by a service. */
export interface Client {
  list<V extends ViewName>(view: V, filter: Readonly<Record<string, unknown>>, at: At): Promise<Listing<V>>;
  ask(question: unknown, at: At, extras: Extras): Promise<Answer>;
  askAll(questions: unknown, at: At): Promise<readonly BatchItemJson[]>;
  /** Null: the intents of the configuration. */
  check(intents: readonly string[] | null, at: At): Promise<CheckResult>;
  intents(at: At): Promise<IntentsResult>;
  intentHistory(intent: string): Promise<readonly IntentPeriod[]>;
  notices(dead: boolean): Promise<readonly Notice[]>;
  retryNotice(id: string): Promise<Notice>;
  takeSnapshot(label: string | null): Promise<SnapshotInfo>;
  labelSnapshot(id: string, label: string | null): Promise<SnapshotInfo>;
  pinSnapshot(id: string, pinned: boolean): Promise<SnapshotInfo>;
  deleteSnapshot(id: string): Promise<SnapshotInfo>;
  pruneSnapshots(dryRun: boolean): Promise<Pruned>;
  checkDatabase(): Promise<DatabaseCheck>;
  doctor(): Promise<Diagnosis>;
  snapshots(): Promise<readonly SnapshotInfo[]>;
  timeline(input: Readonly<Record<string, unknown>>): Promise<readonly Moment[]>;
  diff(input: DiffInput): Promise<DiffResult>;
  flowDiff(from: string | null, to: string | null, filter: Readonly<Record<string, unknown>>): Promise<Omit<FlowDiff, 'cursors'>>;
  history(name: string, kind: string | null, host: string | null): Promise<readonly ObjectHistory[]>;
  matrix(filter: Readonly<Record<string, unknown>>, at: At): Promise<Omit<Matrix, 'cursors'>>;
  search(text: string, kind: string | null, at: At): Promise<readonly SearchHit[]>;
  tokens(): Promise<readonly ApiToken[]>;
  createToken(input: Readonly<Record<string, unknown>>): Promise<NewApiToken>;
  revokeToken(id: string): Promise<ApiToken>;
  schedules(): Promise<readonly ScheduleInfo[]>;
  facts(at: At): Promise<EstateFacts>;
  close(): Promise<void>;
}
