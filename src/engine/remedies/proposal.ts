/** A small change that might help, and what it does to a copy of the model. */
import type { CauseCode } from '../../model/answer.ts';
import type { Host, Model } from '../../model/model.ts';
import type { BridgePort, Netns } from '../../model/network.ts';
import type { Scene } from '../explain/scene.ts';
import type { Flow } from './flow.ts';

export interface Proposal {
  readonly text: string;
  readonly commands: readonly { readonly host: string; readonly argv: readonly string[] }[];
  /** The model as it would be; the one given stays as it is. */
  apply(model: Model): Model;
  /** Whether it can change what becomes of a flow. */
  concerns(flow: Flow): boolean;
}

export interface RemedyKind {
  readonly causes: readonly CauseCode[];
  propose(scene: Scene): readonly Proposal[];
}

/** A copy of the model in which one namespace is another. */
export function withNetns(model: Model, id: string, change: (ns: Netns) => Netns): Model {
  const old = model.namespaces.get(id);
  if (!old) return model;
  const changed = change(old);
  const hosts: Host[] = model.hosts.map((h) => (h.namespaces.includes(old) ? { ...h, namespaces: h.namespaces.map((n) => (n === old ? changed : n)) } : h));
  return { ...model, hosts, namespaces: new Map([...model.namespaces].map(([key, ns]) => [key, ns === old ? changed : ns])) };
}

/** The argument list that runs a command inside a namespace; null where a person has no name for it. */
export function inside(scene: Pick<Scene, 'model'>, ns: Netns, argv: readonly string[]): readonly string[] | null {
  if (ns.kind === 'host') return argv;
  if (ns.names[0] && ns.kind === 'named') return ['ip', 'netns', 'exec', ns.names[0], ...argv];
  const host = scene.model.hosts.find((h) => h.name === ns.host);
  const container = host?.containers.known ? host.containers.value.find((c) => ns.containerIds.includes(c.id)) : undefined;
  return container?.pid ? ['nsenter', '-t', String(container.pid), '-n', ...argv] : null;
}

/** How br_add_if makes a port, and what it becomes as soon as its interface is up (net/bridge/br_if.c). */
export function newPort(bridge: string): BridgePort {
  return {
    bridge,
    state: 'forwarding',
    hairpin: false,
    isolated: false,
    flood: true,
    bcastFlood: true,
    mcastFlood: true,
    learning: true,
    neighSuppress: false,
  };
}
