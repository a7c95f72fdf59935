/** Hosts → facts. */
import { hostname } from 'node:os';
import type { EstateFacts } from '../model/facts.ts';
import type { HostConfig } from '../model/host-config.ts';
import { collectHost } from './host.ts';
import type { EngineWatches } from './watches.ts';

export interface CollectOptions {
  readonly onProgress?: (progress: { readonly host: string; readonly stage: string; readonly done: number; readonly total: number }) => void;
  /** For one command or one question to an engine, in milliseconds; 5,000 when left out. */
  readonly timeoutMs?: number;
  /** Of a process that stays. */
  readonly watches?: EngineWatches;
}

/** All hosts at the same time, ordered by name. Never throws: what goes wrong on a host is a fact of it. */
export async function collectEstate(hosts: readonly HostConfig[], options: CollectOptions = {}): Promise<EstateFacts> {
  const { onProgress, timeoutMs = 5000, watches = null } = options;
  const estate = await Promise.all(
    hosts.map((config) =>
      collectHost(config, { timeoutMs, watches, progress: (stage, done, total) => onProgress?.({ host: config.name, stage, done, total }) }),
    ),
  );
  return estate.sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
}

/** This machine, with the engine that the docker command would use. */
export function defaultHost(): HostConfig {
  return {
    name: hostname(),
    docker: process.env.DOCKER_HOST || 'unix:///var/run/docker.sock',
    namespaceOf: 'local',
    netnsFolders: ['/run/netns', '/run/docker/netns'],
  };
}
