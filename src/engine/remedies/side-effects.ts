/** What else a change would open or close: every namespace to every open port, before and after. */
import type { Model } from '../../model/model.ts';
import type { Listener, Netns } from '../../model/network.ts';
import type { Question } from '../../model/question.ts';
import { converse } from '../conversation.ts';
import { nameOf } from '../explain/scene.ts';
import { newWorld } from '../walk.ts';

/** Flows that are tried at most; beyond that the list says so. */
const MAX_FLOWS = 200;

interface Flow {
  readonly from: Netns;
  readonly to: Netns;
  readonly address: string;
  readonly socket: Listener;
}

export function changedFlows(before: Model, after: Model, asked: Question): readonly string[] {
  const flows = flowsOf(before);
  const effects: string[] = [];
  for (const flow of flows.slice(0, MAX_FLOWS)) {
    const was = isOpen(before, flow);
    const is = isOpen(after, flow);
    if (was === null || is === null || was === is) continue;
    const text = `${is ? 'opens' : 'closes'} ${nameOf(before, flow.from)} to ${nameOf(before, flow.to)} on ${flow.socket.protocol}/${flow.socket.port}`;
    const same = asked.port === flow.socket.port && asked.protocol === flow.socket.protocol && nameOf(before, flow.from) === asked.from;
    if (!same && !effects.includes(text)) effects.push(text);
  }
  if (flows.length > MAX_FLOWS) effects.push(`${flows.length - MAX_FLOWS} more flows were not tried`);
  return effects;
}

function flowsOf(model: Model): Flow[] {
  const places = [...model.namespaces.values()].filter(
    (n) => n.links.known && n.listeners.known && (n.kind === 'container' || n.kind === 'host' || n.kind === 'named'),
  );
  const flows: Flow[] = [];
  for (const to of places) {
    const links = to.links.known ? to.links.value : [];
    const address = links.flatMap((l) => l.addresses).find((a) => a.family === 4 && a.scope === 'global')?.address;
    const sockets = to.listeners.known ? to.listeners.value.filter((l) => !l.address.startsWith('127.') && l.address !== '::1') : [];
    if (!address) continue;
    for (const socket of new Map(sockets.map((s) => [`${s.protocol}/${s.port}`, s])).values()) {
      for (const from of places) if (from !== to && from.host === to.host) flows.push({ from, to, address, socket });
    }
  }
  return flows;
}

/** Null: cannot be told. */
function isOpen(model: Model, { from, address, socket }: Flow): boolean | null {
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
