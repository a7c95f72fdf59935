import type { ListenerResolvers } from '../generated/graphql.ts';
import { Estate } from '../operations/estate.ts';

export const Listener: ListenerResolvers = {
  container: (listener) =>
    Estate.of(listener)
      .list('containers')
      .find((container) => container.host === listener.host && container.name === listener.containerName) ?? null,
};
