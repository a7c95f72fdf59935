import type { QueryResolvers } from '../generated/graphql.ts';
import { diff } from '../operations/diff.ts';
import { findNode } from '../operations/find-node.ts';
import { history } from '../operations/history.ts';
import { list } from '../operations/list.ts';
import { getSnapshot, listSnapshots } from '../operations/list-snapshots.ts';
import { reachability } from '../operations/reachability.ts';
import { reachabilityBatch } from '../operations/reachability-batch.ts';
import { search } from '../operations/search.ts';
import { timeline } from '../operations/timeline.ts';
import { pageInput } from './connection.ts';
import { intentQueries } from './intents.ts';

type ListArguments = { first?: number | null; after?: string | null; filter?: unknown; at?: string | null };
const listInput = (input: ListArguments) => ({ ...pageInput(input), filter: input.filter, at: input.at ?? null });

export const Query: QueryResolvers = {
  hosts: (_, input, context) => list(context, 'hosts', listInput(input)),
  networks: (_, input, context) => list(context, 'networks', listInput(input)),
  endpoints: (_, input, context) => list(context, 'endpoints', listInput(input)),
  containers: (_, input, context) => list(context, 'containers', listInput(input)),
  natRules: (_, input, context) => list(context, 'natRules', listInput(input)),
  filterRules: (_, input, context) => list(context, 'filterRules', listInput(input)),
  routes: (_, input, context) => list(context, 'routes', listInput(input)),
  listeners: (_, input, context) => list(context, 'listeners', listInput(input)),
  findings: (_, input, context) => list(context, 'findings', listInput(input)),
  node: (_, input, context) => findNode(context, { id: input.id, at: input.at ?? null }),
  snapshots: (_, input, context) => listSnapshots(context, pageInput(input)),
  timeline: (_, { step, since, until, ...page }, context) => timeline(context, { step, since, until, ...pageInput(page) }),
  snapshot: (_, { id }, context) => getSnapshot(context, id),
  diff: (_, input, context) => diff(context, input),
  reachability: (_, { at, probe, ...question }, context) => reachability(context, { question, at: at ?? null, probe: probe === true }),
  reachabilityBatch: async (_, { questions, at }, context) => reachabilityBatch(context, { questions: questions.map(dropNullId), at: at ?? null }),
  history: (_, input, context) => history(context, input),
  ...intentQueries,
  search: (_, input, context) => search(context, input),
};

const dropNullId = ({ id, ...question }: { readonly id?: string | null }) => (id == null ? question : { id, ...question });
