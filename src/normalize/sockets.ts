/** `ss -H -l -n -t -u [-e]` → listeners. ss(8). */
import { z } from 'zod';
import type { DockerProxy } from '../model/docker.ts';
import type { Listener } from '../model/network.ts';
import { canonical, familyOf } from '../util/ip.ts';
import { Unreadable } from './fact.ts';

/** host.sockets: the process that holds a socket, by the socket's inode. */
export const socketOwnersSchema = z.record(
  z.string(),
  z.looseObject({
    pid: z.number().nullish(),
    comm: z.string().nullish(),
    containerId: z.string().nullish(),
  }),
);
export type SocketOwners = z.infer<typeof socketOwnersSchema>;

/** Who may hold a socket that no process claims. */
export interface Holders {
  readonly owners: SocketOwners;
  readonly proxies: readonly DockerProxy[];
  /** The container, where the namespace belongs to one alone. */
  readonly onlyContainer: string | null;
}

interface Bound {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly dev: string | null;
  /** `*`: an IPv6 socket that takes IPv4 as well. */
  readonly dual: boolean;
}

/** `0.0.0.0:80`, `127.0.0.53%lo:53`, `[::]:80`, `[fe80::1]%eth0:546`, `*:80`, `*%lo:80`; null without a port. */
function bound(local: string): Bound | null {
  const match = /^(\[[^\]]*\]|[^%\]]+?)(?:%(\S+))?:(\d+|\*)$/.exec(local);
  if (!match?.[1]) throw new Unreadable(`${JSON.stringify(local.slice(0, 80))} is not an address and a port`);
  if (match[3] === '*') return null;
  // without brackets `*` would mean IPv4 alone: the ss of before iproute2 4.18
  if (match[1].includes(':') && !match[1].startsWith('[')) throw new Unreadable(`${JSON.stringify(local.slice(0, 80))} has no brackets: this ss is too old`);
  const [host, zone] = match[1].replace(/^\[|\]$/g, '').split('%');
  const port = Number(match[3]);
  const dev = match[2] ?? zone ?? null;
  if (host === '*') return { address: '::', family: 6, port, dev, dual: true };
  const family = familyOf(host ?? '');
  if (!host || !family) throw new Unreadable(`${JSON.stringify(local.slice(0, 80))} is not an address and a port`);
  // RFC 4291 2.5.5.2: an IPv6 socket bound to a mapped address speaks IPv4 only
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  if (mapped) return { address: mapped, family: 4, port, dev, dual: false };
  return { address: canonical(host), family, port, dev, dual: false };
}

function proxyOf(protocol: string, socket: Bound, proxies: readonly DockerProxy[]): DockerProxy | undefined {
  const same = proxies.filter((p) => p.protocol === protocol && p.hostPort === socket.port);
  const exact = same.find((p) => p.hostIp === socket.address);
  return exact ?? (socket.address === '::' ? same.find((p) => p.hostIp === '' || (socket.dual && p.hostIp === '0.0.0.0')) : undefined);
}

export function parseListeners(data: string, holders: Holders): readonly Listener[] {
  const listeners: Listener[] = [];
  for (const [i, line] of data.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    const [protocol, state, waiting, limit, local] = words;
    if ((protocol !== 'tcp' && protocol !== 'udp') || (state !== 'LISTEN' && state !== 'UNCONN')) {
      if (line.trim() === '' || protocol === 'tcp' || protocol === 'udp') continue;
      throw new Unreadable(`line ${i + 1}: ${line.trim().slice(0, 80)}`);
    }
    const socket = bound(local ?? '');
    if (!socket) continue;
    const extra = words.slice(6);
    const inode = Number(extra.find((word) => word.startsWith('ino:'))?.slice(4)) || null;
    const v6only = extra.find((word) => word.startsWith('v6only:'))?.slice(7);
    const owner = inode === null ? undefined : holders.owners[inode];
    const proxy = owner ? undefined : proxyOf(protocol, socket, holders.proxies);
    listeners.push({
      protocol,
      family: socket.family,
      address: socket.address,
      port: socket.port,
      dev: socket.dev,
      v6only: socket.family === 6 && (v6only === undefined ? socket.address === '::' && !socket.dual : v6only === '1'),
      ...(protocol === 'tcp' ? { queue: { waiting: Number(waiting), limit: Number(limit) } } : {}),
      inode,
      pid: owner?.pid ?? proxy?.pid ?? null,
      process: owner?.comm ?? (proxy ? 'docker-proxy' : null),
      containerId: owner?.containerId ?? (owner || proxy ? null : holders.onlyContainer),
      source: { source: 'ss', locator: `line ${i + 1}` },
    });
  }
  return listeners;
}
