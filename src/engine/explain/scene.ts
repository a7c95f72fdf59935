/** What an explanation may draw on. */
import type { Answer, Cause, CauseCode } from '../../model/answer.ts';
import type { Container, DockerNetwork } from '../../model/docker.ts';
import type { Host, Model } from '../../model/model.ts';
import type { Netns } from '../../model/network.ts';
import type { Question } from '../../model/question.ts';
import type { Source, Target } from '../resolve/types.ts';
import type { Ending } from '../talk.ts';
import type { Why } from '../types.ts';

export interface Scene {
  readonly model: Model;
  readonly question: Question;
  readonly source: Source;
  readonly target: Target;
  /** The address that was tried. */
  readonly address: string;
  readonly ending: Ending;
  /** What is to be explained: the ending's, or a further blocker's. */
  readonly why: Why;
  readonly netns: Netns;
  readonly direction: 'request' | 'reply';
}

/** An answer, and the scene of its first blocker where it has one. */
export interface Asked {
  readonly answer: Answer;
  readonly scene: Scene | null;
}

export function hostOf(model: Model, netns: Netns): Host | null {
  return model.hosts.find((h) => h.name === netns.host) ?? null;
}

export function containersOf(host: Host | null): readonly Container[] {
  return host?.containers.known ? host.containers.value : [];
}

export function networksOf(host: Host | null): readonly DockerNetwork[] {
  return host?.networks.known ? host.networks.value : [];
}

/** The container that has an address on a host, and the network it has it in. */
export function containerWith(host: Host | null, address: string): { container: Container; network: DockerNetwork | null } | null {
  for (const container of containersOf(host)) {
    const endpoint = container.endpoints.find((e) => e.ipv4 === address || e.ipv6 === address);
    if (endpoint) return { container, network: networksOf(host).find((n) => n.id === endpoint.networkId) ?? null };
  }
  return null;
}

export function networkOfBridge(host: Host | null, bridge: string | null): DockerNetwork | null {
  return bridge === null ? null : (networksOf(host).find((n) => n.bridge === bridge) ?? null);
}

/** What a person calls a namespace. */
export function nameOf(model: Model, netns: Netns): string {
  if (netns.kind === 'host') return `host ${netns.host}`;
  const container = containersOf(hostOf(model, netns)).find((c) => netns.containerIds.includes(c.id));
  return container?.name ?? netns.names[0] ?? netns.key;
}

/** Networks that both containers are in. */
export function shared(a: Container, b: Container): readonly string[] {
  return a.endpoints.filter((e) => b.endpoints.some((f) => f.networkId === e.networkId)).map((e) => e.networkName);
}

export function cause(code: CauseCode, text: string, parameters: Record<string, string> = {}): Cause {
  return { code, text, parameters };
}

export function targetName(target: Target): string {
  return target.kind === 'name-not-found' || target.kind === 'unknown-name' ? target.name : target.label;
}
