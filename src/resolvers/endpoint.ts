import type { EndpointResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';

export const Endpoint: EndpointResolvers = {
  network: (endpoint) =>
    Estate.of(endpoint)
      .list('networks')
      .find((network) => network.host === endpoint.host && network.dockerId === endpoint.networkId) ?? null,
  container: (endpoint) =>
    Estate.of(endpoint)
      .list('containers')
      .find((container) => container.host === endpoint.host && container.dockerId === endpoint.containerId) ?? null,
};
