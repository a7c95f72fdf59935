import type { EndpointResolvers } from '../generated/graphql.ts';
import { containerOf, networkOf } from './owners.ts';

export const Endpoint: EndpointResolvers = {
  network: (endpoint) => networkOf(endpoint, endpoint.networkId),
  container: (endpoint) => containerOf(endpoint, endpoint.containerId),
};
