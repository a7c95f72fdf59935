import type {
  DiffGroups,
  DiffGroupsVariables,
  FlowChanges,
  FlowChangesVariables,
  IntentsAt,
  IntentsAtVariables,
  IntentValues,
  IntentValuesVariables,
  LabelSnapshot,
  LabelSnapshotVariables,
  PinSnapshot,
  PinSnapshotVariables,
  Timeline,
  TimelineVariables,
} from '../../generated/page.ts';
import { operation } from './document.ts';

export const timeline = operation<Timeline, TimelineVariables>(`query Timeline($step: TimelineStep!, $until: DateTime, $first: Int!) {
  timeline(step: $step, until: $until, first: $first) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { ...MomentFields }
  }
}
fragment MomentFields on Moment { snapshot { ...MomentSnapshot } snapshots changes kinds marked { ...MomentSnapshot } }
fragment MomentSnapshot on Snapshot { id takenAt label pinned }`);

export const diffGroups = operation<
  DiffGroups,
  DiffGroupsVariables
>(`query DiffGroups($from: String!, $to: String!, $kinds: [ChangeKind!], $host: String, $container: String, $after: String) {
  diff(from: $from, to: $to, kinds: $kinds, host: $host, container: $container) {
    from { id takenAt label }
    to { id takenAt label }
    summary
    groups(first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { title host kind name changes(first: 100) { totalCount nodes { ...ChangeFields fields { field before after } } } }
    }
    incomparable { host kind reason }
    lastKnown { host snapshot { id takenAt } reason }
  }
}
fragment ChangeFields on Change { kind action host key text }`);

export const flowChanges = operation<
  FlowChanges,
  FlowChangesVariables
>(`query FlowChanges($from: String!, $to: String!, $filter: FlowDiffFilter, $after: String) {
  flowDiff(from: $from, to: $to, filter: $filter, first: 50, after: $after) {
    totalCount
    summary
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      sources { ...PlaceFields }
      targets { ...PlaceFields }
      protocol
      ports
      otherPorts
      before
      after
      witness { from to port protocol }
      changes { ...FlowCause }
      proved
    }
  }
}
fragment PlaceFields on Place { kind host name reference }
fragment FlowCause on Change { kind action host key text }`);

export const intentsAt = operation<IntentsAt, IntentsAtVariables>(`query IntentsAt($at: String!) {
  intents(at: $at) {
    snapshot { id takenAt }
    intents { ...IntentFields }
  }
}
fragment IntentFields on IntentPeriod { from to finding { intent state sentence witness { from to port protocol } } }`);

export const intentValues = operation<IntentValues, IntentValuesVariables>(`query IntentValues($intent: String!) {
  intentHistory(intent: $intent, first: 20) { totalCount nodes { from to finding { state sentence } } }
}`);

export const labelSnapshot = operation<LabelSnapshot, LabelSnapshotVariables>(`mutation LabelSnapshot($id: ID!, $label: String) {
  labelSnapshot(id: $id, label: $label) { id label }
}`);

export const pinSnapshot = operation<PinSnapshot, PinSnapshotVariables>(`mutation PinSnapshot($id: ID!, $pinned: Boolean!) {
  pinSnapshot(id: $id, pinned: $pinned) { id pinned }
}`);
