/** The model: every host as one typed whole. Pure data, made by normalize from facts. */

import type { Container, DockerNetwork, DockerProxy, Engine } from './docker.ts';
import type { Gap, Known } from './evidence.ts';
import type { Netns } from './network.ts';

export interface Host {
  readonly name: string;
  /** ISO 8601, UTC: when the facts were read. */
  readonly collectedAt: string;
  /** As HostFacts.earlier. */
  readonly earlier?: Readonly<Record<string, string>>;
  readonly kernel: string | null;
  readonly hostname: string | null;
  readonly engine: Known<Engine> | null;
  readonly networks: Known<readonly DockerNetwork[]>;
  readonly containers: Known<readonly Container[]>;
  readonly proxies: Known<readonly DockerProxy[]>;
  readonly namespaces: readonly Netns[];
  /** Netns.id of the host's own namespace (where the engine lives); null if it was not found. */
  readonly ownNetns: string | null;
  readonly gaps: readonly Gap[];
}

export interface Model {
  readonly hosts: readonly Host[];
  /** By Netns.id, over all hosts. */
  readonly namespaces: ReadonlyMap<string, Netns>;
  readonly gaps: readonly Gap[];
}
