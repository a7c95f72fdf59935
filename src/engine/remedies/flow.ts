/** Everything that talks to everything: the flows a change is tried on. */
import type { Model } from '../../model/model.ts';
import type { Listener, Netns } from '../../model/network.ts';
import { converse } from '../conversation.ts';
import { newWorld } from '../walk.ts';

/** Namespaces are those of the model before the change. */
export interface Flow {
  readonly from: Netns;
  readonly to: Netns;
  readonly address: string;
  readonly socket: Listener;
}

const flows = new WeakMap<Model, readonly Flow[]>();

/** From every namespace of a host to every open port of its others. */
export function flowsOf(model: Model): readonly Flow[] {
  let all = flows.get(model);
  if (!all) {
    all = listFlows(model);
    flows.set(model, all);
  }
  return all;
}

function listFlows(model: Model): Flow[] {
  const places = [...model.namespaces.values()].filter(
    (n) => n.links.known && n.listeners.known && (n.kind === 'container' || n.kind === 'host' || n.kind === 'named'),
  );
  return places.flatMap((to) => {
    const links = to.links.known ? to.links.value : [];
    const address = links.flatMap((l) => l.addresses).find((a) => a.family === 4 && a.scope === 'global')?.address;
    if (!address) return [];
    const open = to.listeners.known ? to.listeners.value.filter((l) => !l.address.startsWith('127.') && l.address !== '::1') : [];
    const sockets = [...new Map(open.map((s) => [`${s.protocol}/${s.port}`, s])).values()];
    const others = places.filter((from) => from !== to && from.host === to.host);
    return sockets.flatMap((socket) => others.map((from) => ({ from, to, address, socket })));
  });
}

const tried = new WeakMap<Model, Map<Flow, boolean | null>>();

/** Null: cannot be told. */
export function isOpen(model: Model, flow: Flow): boolean | null {
  const known = tried.get(model) ?? new Map<Flow, boolean | null>();
  tried.set(model, known);
  const open = known.get(flow);
  if (open !== undefined) return open;
  const walked = walk(model, flow);
  known.set(flow, walked);
  return walked;
}

function walk(model: Model, { from, address, socket }: Flow): boolean | null {
  const netns = model.namespaces.get(from.id);
  if (!netns) return null;
  const ending = converse(newWorld({ model, choose: () => true, lifted: new Set() }), {
    origin: { kind: 'netns', netns, address: null },
    dst: address,
    protocol: socket.protocol,
    sport: 45678,
    dport: socket.port,
    outsideTarget: false,
  });
  return ending.result === 'unknown' ? null : ending.result === 'open';
}
