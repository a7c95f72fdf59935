import type { ListenerResolvers } from '../generated/graphql.ts';
import { containerNamed } from './owners.ts';

export const Listener: ListenerResolvers = { container: (listener) => containerNamed(listener, listener.containerName) };
