/** Containers as the engine numbers them → processes as /proc shows them. */
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Fact } from '../model/facts.ts';
import type { ContainerPlace } from './namespaces.ts';
import type { NamedFile } from './transport/folders.ts';
import { cgroupOf, namespaceInode } from './transport/processes.ts';

const containerFact = z.object({
  Id: z.string(),
  State: z.object({ Pid: z.number().nullish() }).nullish(),
  NetworkSettings: z.object({ SandboxKey: z.string().nullish() }).nullish(),
});

export interface Running {
  readonly id: string;
  readonly pid: number;
  readonly sandboxKey: string;
}

/** Running containers of the fact `docker.containers`; none when it failed. */
export function runningContainers(facts: readonly Fact[]): Running[] {
  const fact = facts.find((f) => f.source === 'docker.containers');
  if (fact?.status !== 'ok') return [];
  return z
    .array(containerFact)
    .parse(JSON.parse(fact.data))
    .flatMap((c) => (c.State?.Pid ? [{ id: c.Id, pid: c.State.Pid, sandboxKey: c.NetworkSettings?.SandboxKey ?? '' }] : []));
}

/** Folders where the engine keeps its sandboxes, whatever its exec-root is. */
export function sandboxFolders(running: readonly Running[]): string[] {
  return [...new Set(running.filter((c) => c.sandboxKey.startsWith('/')).map((c) => dirname(c.sandboxKey)))];
}

/**
 * Where each container lives. The engine's pid is believed only when the process is in the container's cgroup or in its
 * sandbox: seen from another pid namespace the same number is another process. So every /proc is tried, the host's first.
 */
export function placeContainers(procs: readonly string[], running: readonly Running[], files: readonly NamedFile[]): ContainerPlace[] {
  const sandboxes = new Map(files.map((file) => [file.name, file.inode]));
  return running.flatMap(({ id, pid, sandboxKey }): ContainerPlace[] => {
    const sandbox = sandboxes.get(sandboxKey.slice(sandboxKey.lastIndexOf('/') + 1));
    for (const proc of procs) {
      const inode = namespaceInode(`${proc}/${pid}/ns/net`);
      if (inode === null || !(sandbox === inode || cgroupOf(proc, pid).includes(id))) continue;
      return [{ id, inode, pid: proc === procs[0] ? pid : null }];
    }
    return sandbox === undefined ? [] : [{ id, inode: sandbox, pid: null }];
  });
}
