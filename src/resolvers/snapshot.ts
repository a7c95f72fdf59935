import type { SnapshotResolvers } from '../generated/graphql.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from '../operations/context.ts';
import { type ListInput, list } from '../operations/list.ts';
import type { ViewName } from '../operations/views/index.ts';
import { pageInput } from './connection.ts';

const own =
  <V extends ViewName>(view: V) =>
  (snapshot: SnapshotInfo, input: Omit<ListInput, 'at'>, context: Context) =>
    list(context, view, { ...pageInput(input), filter: input.filter, at: String(snapshot.id) });

export const Snapshot: SnapshotResolvers = {
  hosts: own('hosts'),
  networks: own('networks'),
  endpoints: own('endpoints'),
  containers: own('containers'),
  natRules: own('natRules'),
  filterRules: own('filterRules'),
  routes: own('routes'),
  listeners: own('listeners'),
};
