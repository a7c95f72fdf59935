import type { HostResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';
import { lastKnown } from '../operations/last-known.ts';
import type { HostEntity } from '../operations/views/hosts.ts';
import type { ViewName } from '../operations/views/index.ts';
import { inside } from './connection.ts';

const own = <V extends ViewName>(view: V) =>
  inside(
    view,
    (host: HostEntity) => Estate.of(host),
    (host) => ({ host: host.name }),
  );

export const Host: HostResolvers = {
  lastKnown: async (host, _, context) => (await lastKnown(context, Estate.of(host), host.name))[0] ?? null,
  networks: own('networks'),
  endpoints: own('endpoints'),
  containers: own('containers'),
  natRules: own('natRules'),
  filterRules: own('filterRules'),
  routes: own('routes'),
  listeners: own('listeners'),
};
