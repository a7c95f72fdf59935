import type { NetworkResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';
import type { NetworkEntity } from '../operations/views/networks.ts';
import { inside } from './connection.ts';

export const Network: NetworkResolvers = {
  endpoints: inside(
    'endpoints',
    (network: NetworkEntity) => Estate.of(network),
    (network) => ({ host: network.host, network: network.dockerId }),
  ),
};
