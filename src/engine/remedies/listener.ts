/** A service that listens where only itself can reach it. */
import type { Netns } from '../../model/network.ts';
import { type RemedyKind, withNetns } from './proposal.ts';

export const listenEverywhere: RemedyKind = {
  causes: ['LISTENS_ON_LOOPBACK_ONLY', 'LISTENS_ON_OTHER_ADDRESS'],
  propose: (scene) => {
    const { packet } = scene.why;
    const any = packet.family === 4 ? '0.0.0.0' : '::';
    const listener = scene.netns.listeners.known
      ? scene.netns.listeners.value.find((l) => l.port === packet.dport && l.protocol === packet.protocol)
      : undefined;
    if (!listener) return [];
    const change = (ns: Netns): Netns =>
      ns.listeners.known
        ? { ...ns, listeners: { known: true, value: [...ns.listeners.value, { ...listener, address: any, family: packet.family, dev: null }] } }
        : ns;
    return [
      {
        text: `let ${listener.process ?? 'the service'} listen on ${any}:${packet.dport} instead of ${listener.address}:${listener.port}`,
        commands: [],
        apply: (model) => withNetns(model, scene.netns.id, change),
        concerns: (flow) => flow.to.id === scene.netns.id && flow.socket.protocol === packet.protocol && flow.socket.port === packet.dport,
      },
    ];
  },
};
