import type { NodeResolvers } from '../generated/graphql.ts';

const TYPES = {
  host: 'Host',
  network: 'Network',
  endpoint: 'Endpoint',
  container: 'Container',
  natRule: 'NatRule',
  filterRule: 'FilterRule',
  route: 'Route',
  listener: 'Listener',
  finding: 'Finding',
} as const;

/** An id begins with the kind of what it names. */
export const Node: NodeResolvers = {
  __resolveType: ({ id }) => TYPES[id.split(':')[0] as keyof typeof TYPES],
};
