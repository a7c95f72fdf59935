/** GraphQL types and the types of the project that stand behind them. Paths are relative to src/generated. */
const answer = (name: string) => `../model/answer.ts#${name}`;

export const enumValues = {
  Verdict: answer('Verdict'),
  Symptom: answer('Symptom'),
  Disposition: answer('Disposition'),
  CauseCode: answer('CauseCode'),
  Protocol: '../model/packet.ts#Protocol',
  ChangeKind: '../model/change.ts#ChangeKind',
  ChangeAction: '../resolvers/enums.ts#ChangeAction',
  ChangeGroupKind: '../resolvers/enums.ts#ChangeGroupKind',
  SinceState: '../resolvers/enums.ts#SinceState',
  Certainty: '../resolvers/enums.ts#Certainty',
  Direction: '../resolvers/enums.ts#Direction',
  EntityKind: '../model/snapshot.ts#EntityKind',
  ScheduleRunState: '../model/schedule.ts#RunState',
  IntentState: '../model/intent.ts#IntentState',
  DeliveryState: '../model/notice.ts#DeliveryState',
  Scope: '../model/access.ts#Scope',
  PlaceKind: '../operations/matrix-schema.ts#PlaceKind',
};

const view = (file: string) => `../operations/views/${file}.ts`;
const snapshots = '../model/snapshot.ts';

/** GraphQL type → the module and the name of what its resolvers get. */
const models: Readonly<Record<string, readonly [module: string, name: string]>> = {
  Host: [view('hosts'), 'HostEntity'],
  Network: [view('networks'), 'NetworkEntity'],
  Endpoint: [view('endpoints'), 'EndpointEntity'],
  Container: [view('containers'), 'ContainerEntity'],
  NatRule: [view('nat-rules'), 'NatRuleEntity'],
  FilterRule: [view('rule-entity'), 'RuleEntity'],
  Route: [view('routes'), 'RouteEntity'],
  Listener: [view('listeners'), 'ListenerEntity'],
  Snapshot: [snapshots, 'SnapshotInfo'],
  SnapshotInfo: [snapshots, 'SnapshotInfo'],
  LastKnown: ['../operations/last-known.ts', 'LastKnown'],
  Schedule: ['../operations/schedules.ts', 'ScheduleInfo'],
  ScheduleRun: ['../model/schedule.ts', 'ScheduleRun'],
  SearchHit: [snapshots, 'SearchHit'],
  ObjectHistory: [snapshots, 'ObjectHistory'],
  ObjectValue: [snapshots, 'ObjectValue'],
  Change: ['../model/change.ts', 'Change'],
  Diff: ['../operations/diff.ts', 'DiffResult'],
  ChangeGroup: ['../resolvers/diff.ts', 'GroupModel'],
  Answer: ['../model/answer.ts', 'Answer'],
  Trace: ['../model/answer.ts', 'Trace'],
  Hop: ['../model/answer.ts', 'Hop'],
  Step: ['../model/answer.ts', 'Step'],
  Blocker: ['../model/answer.ts', 'Blocker'],
  Cause: ['../model/answer.ts', 'Cause'],
  Remedy: ['../model/answer.ts', 'Remedy'],
  Since: ['../model/since.ts', 'Since'],
  Packet: ['../model/packet.ts', 'Packet'],
  Question: ['../model/question.ts', 'Question'],
  Finding: ['../model/intent.ts', 'Finding'],
  Witness: ['../model/intent.ts', 'Witness'],
  IntentPeriod: ['../model/intent.ts', 'IntentPeriod'],
  Notice: ['../model/notice.ts', 'Notice'],
  CheckResult: ['../operations/check.ts', 'CheckResult'],
  BatchItem: ['../operations/reachability-batch.ts', 'BatchItem'],
  FlowSet: ['../operations/matrix.ts', 'MatrixEntry'],
  FlowSetConnection: ['../operations/matrix.ts', 'Matrix'],
  FlowChange: ['../operations/flow-diff.ts', 'FlowDiffEntry'],
  FlowChangeConnection: ['../operations/flow-diff.ts', 'FlowDiff'],
};
const lists = ['Host', 'Network', 'Endpoint', 'Container', 'NatRule', 'FilterRule', 'Route', 'Listener', 'Snapshot', 'Notice', 'Change', 'ChangeGroup', 'IntentPeriod'];

export const mappers = {
  ...Object.fromEntries(Object.entries(models).map(([type, [module, name]]) => [type, `${module}#${name} as ${type}Mapped`])),
  ...Object.fromEntries(lists.map((type) => [`${type}Connection`, `../resolvers/connection.ts#ListOf<${type}Mapped>`])),
};
