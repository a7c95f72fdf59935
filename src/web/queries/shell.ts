import type {
  OneSnapshot,
  OneSnapshotVariables,
  Progress,
  ProgressVariables,
  SnapshotList,
  SnapshotListVariables,
  Taken,
  TakenVariables,
  TakeSnapshot,
  TakeSnapshotVariables,
} from '../../generated/page.ts';
import { operation } from './document.ts';

export const snapshotFields = `fragment SnapshotFields on Snapshot { id takenAt label pinned hostCount networkCount endpointCount natRuleCount gapCount }`;

export const snapshotList = operation<SnapshotList, SnapshotListVariables>(`query SnapshotList($first: Int, $after: String) {
  snapshots(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ...SnapshotFields } }
} ${snapshotFields}`);

export const oneSnapshot = operation<OneSnapshot, OneSnapshotVariables>(`query OneSnapshot($id: ID!) { snapshot(id: $id) { id takenAt label } }`);

export const taken = operation<Taken, TakenVariables>(`subscription Taken { snapshotTaken { id takenAt label } }`);

export const progress = operation<Progress, ProgressVariables>(`subscription Progress { snapshotProgress { host stage done total } }`);

export const takeSnapshot = operation<TakeSnapshot, TakeSnapshotVariables>(
  `mutation TakeSnapshot($label: String) { takeSnapshot(label: $label) { id takenAt label } }`,
);
