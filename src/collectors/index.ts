/** Hosts → facts. */
import { hostname } from 'node:os';
import type { EstateFacts } from '../model/facts.ts';
import type { HostConfig } from '../model/host-config.ts';
import type { Telemetry } from '../model/telemetry.ts';
import { collectHost } from './host.ts';
import type { HostWatches } from './host-watches.ts';
import { Times } from './times.ts';

export interface CollectOptions {
  readonly onProgress?: (progress: { readonly host: string; readonly stage: string; readonly done: number; readonly total: number }) => void;
  /** For one command or one question to an engine, in milliseconds; 5,000 when left out. */
  readonly timeoutMs?: number;
  /** Reads a host as a span, and hears how long it and its sources took. */
  readonly telemetry?: Telemetry;
  /** Of a process that stays. */
  readonly watches?: HostWatches;
}

/** All hosts at the same time, ordered by name. Never throws: what goes wrong on a host is a fact of it. */
export async function collectEstate(hosts: readonly HostConfig[], options: CollectOptions = {}): Promise<EstateFacts> {
  const { onProgress, timeoutMs = 5000, watches = null, telemetry } = options;
  const estate = await Promise.all(
    hosts.map(async (config) => {
      const { name } = config;
      const times = new Times();
      const started = performance.now();
      const read = () => collectHost(config, { timeoutMs, watches, times, progress: (stage, done, total) => onProgress?.({ host: name, stage, done, total }) });
      const facts = await (telemetry?.during('collect', { host: name }, read) ?? read());
      telemetry?.saw({ kind: 'collected', host: name, seconds: (performance.now() - started) / 1000 });
      for (const [source, seconds] of times.bySource) telemetry?.saw({ kind: 'read', host: name, source, seconds });
      return facts;
    }),
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
