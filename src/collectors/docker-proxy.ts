/** docker-proxy processes, from their arguments. No other process's command line is read. */
import { z } from 'zod';
import type { DockerProxy } from '../model/docker.ts';

const port = z.coerce.number().int().min(0).max(65535);
const flags = z.object({
  proto: z.string().max(16),
  'host-ip': z.string().max(64),
  'host-port': port,
  'container-ip': z.string().max(64),
  'container-port': port,
});

export type ProxyFact = Omit<DockerProxy, 'protocol'> & { readonly proto: string };

/** Go's flag package takes `-f v`, `--f v`, `-f=v` and `--f=v`. Null when a flag is missing or odd. */
export function parseProxy(pid: number, argv: readonly string[]): ProxyFact | null {
  const given: Record<string, string> = {};
  for (const [i, argument] of argv.entries()) {
    const flag = argument.match(/^--?([a-z-]+)(?:=(.*))?$/s);
    if (flag?.[1]) given[flag[1]] = flag[2] ?? argv[i + 1] ?? '';
  }
  const { success, data } = flags.safeParse(given);
  if (!success) return null;
  return {
    pid,
    proto: data.proto,
    hostIp: data['host-ip'],
    hostPort: data['host-port'],
    containerIp: data['container-ip'],
    containerPort: data['container-port'],
  };
}
