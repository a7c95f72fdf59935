/** Listening sockets, by protocol, address and port. */
import type { Listener, Netns } from '../model/network.ts';
import { type Entry, numbered, type Section } from './entry.ts';
import type { Side } from './names.ts';

/** The engine's DNS server in a container listens on ports drawn at each start. */
function isEngineDns(netns: Netns, listener: Listener): boolean {
  return netns.kind === 'container' && listener.address === '127.0.0.11';
}

function entry(side: Side, netns: Netns, l: Listener): Entry {
  const address = l.family === 6 ? `[${l.address}]` : l.address;
  const dev = l.dev === null ? '' : `%${side.stable(l.dev)}`;
  return {
    key: `${netns.key}/${l.protocol} ${address}${dev}:${l.port}`,
    fields: { v6only: l.v6only, process: l.process, container: l.containerId === null ? null : side.containerName(l.containerId) },
  };
}

export function listenerSection(side: Side, netns: Netns): Section {
  const { listeners } = netns;
  return {
    kind: 'listener',
    netns: netns.key,
    part: '',
    entries: listeners.known ? numbered(listeners.value.filter((l) => !isEngineDns(netns, l)).map((l) => entry(side, netns, l))) : [],
    unknown: listeners.known ? null : listeners.gap.reason,
  };
}
