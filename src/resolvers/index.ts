/** One file a type; types that need no code have none. */
import type { Resolvers } from '../generated/graphql.ts';
import { Answer, Cause } from './answer.ts';
import { connection, snapshotConnection } from './connection.ts';
import { Container } from './container.ts';
import { databaseMutations, databaseQueries } from './database.ts';
import { ChangeGroupFields, Diff } from './diff.ts';
import { Endpoint } from './endpoint.ts';
import { enums } from './enums.ts';
import { FlowChangeConnection, FlowSetConnection, flowQueries } from './flows.ts';
import { Host } from './host.ts';
import { IntentPeriod, Notice } from './intents.ts';
import { Listener } from './listener.ts';
import { Mutation } from './mutation.ts';
import { NatRule } from './nat-rule.ts';
import { Network } from './network.ts';
import { Node } from './node.ts';
import { Query } from './query.ts';
import { scalars } from './scalars.ts';
import { Schedule, ScheduleRun, scheduleQueries } from './schedule.ts';
import { Snapshot } from './snapshot.ts';
import { Subscription } from './subscription.ts';
import { ApiToken, tokenMutations, tokenQueries } from './tokens.ts';

export const resolvers = {
  ...scalars,
  ...enums,
  Query: { ...Query, ...scheduleQueries, ...databaseQueries, ...flowQueries, ...tokenQueries },
  Mutation: { ...Mutation, ...databaseMutations, ...tokenMutations },
  Node,
  Host,
  Network,
  Endpoint,
  Container,
  NatRule,
  Listener,
  Snapshot,
  Answer,
  ApiToken,
  Schedule,
  ScheduleRun,
  Diff,
  ChangeGroup: ChangeGroupFields,
  ChangeConnection: snapshotConnection,
  ChangeGroupConnection: snapshotConnection,
  IntentPeriodConnection: snapshotConnection,
  Cause,
  HostConnection: connection,
  NetworkConnection: connection,
  EndpointConnection: connection,
  ContainerConnection: connection,
  NatRuleConnection: connection,
  FilterRuleConnection: connection,
  RouteConnection: connection,
  ListenerConnection: connection,
  FindingConnection: connection,
  Subscription,
  IntentPeriod,
  Notice,
  NoticeConnection: snapshotConnection,
  SnapshotConnection: snapshotConnection,
  MomentConnection: snapshotConnection,
  FlowSetConnection,
  FlowChangeConnection,
} satisfies Resolvers as Resolvers;
