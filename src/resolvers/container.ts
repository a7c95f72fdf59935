import type { ContainerResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';
import type { ContainerEntity } from '../operations/views/containers.ts';
import { inside } from './connection.ts';

const estate = (container: ContainerEntity) => Estate.of(container);

export const Container: ContainerResolvers = {
  endpoints: inside('endpoints', estate, ({ host, dockerId }) => ({ host, container: dockerId })),
  listeners: inside('listeners', estate, ({ host, name }) => ({ host, container: name })),
  natRules: inside('natRules', estate, ({ host, name }) => ({ host, container: name })),
};
