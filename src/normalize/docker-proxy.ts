/** host.docker-proxy: the engine's user-land proxies. */
import { z } from 'zod';
import type { DockerProxy } from '../model/docker.ts';
import { canonical, familyOf } from '../util/ip.ts';

const port = z.coerce.number();
const schema = z.array(z.looseObject({ pid: z.number(), proto: z.string(), hostIp: z.string(), hostPort: port, containerIp: z.string(), containerPort: port }));

function plain(address: string): string {
  return familyOf(address) === null ? address : canonical(address);
}

export function parseProxies(data: string): readonly DockerProxy[] {
  return schema
    .parse(JSON.parse(data))
    .map((p) => ({
      pid: p.pid,
      protocol: p.proto,
      hostIp: plain(p.hostIp),
      hostPort: p.hostPort,
      containerIp: plain(p.containerIp),
      containerPort: p.containerPort,
    }))
    .sort((a, b) => a.pid - b.pid);
}
