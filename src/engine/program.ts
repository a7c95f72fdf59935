/** What is known of the program behind a socket. */
import type { Container, DockerProxy } from '../model/docker.ts';
import type { Host, Model } from '../model/model.ts';
import type { Listener, Netns } from '../model/network.ts';
import type { World } from './types.ts';

function hostOf(model: Model, netns: Netns): Host | undefined {
  return model.hosts.find((h) => h.name === netns.host);
}

/** The docker-proxy that holds the socket; null: another program. */
export function proxyBehind(model: Model, netns: Netns, socket: Listener): DockerProxy | null {
  const host = hostOf(model, netns);
  if (!host?.proxies.known) return null;
  const byPid = host.proxies.value.find((p) => p.pid === socket.pid && p.hostPort === socket.port);
  if (byPid) return byPid;
  if (socket.process !== 'docker-proxy' && socket.process !== null) return null;
  const fits = (p: DockerProxy) => p.protocol === socket.protocol && p.hostPort === socket.port;
  return host.proxies.value.find((p) => fits(p) && (isWildcard(socket) || p.hostIp === socket.address)) ?? null;
}

/** The container of the program, where it is paused: the kernel still accepts for it, and nobody reads. */
export function pausedBehind(model: Model, netns: Netns, socket: Listener): Container | null {
  const host = hostOf(model, netns);
  const containers = host?.containers.known ? host.containers.value : [];
  const id = socket.containerId ?? netns.containerIds[0];
  return containers.find((c) => c.id === id && c.state === 'paused') ?? null;
}

function isWildcard(socket: Listener): boolean {
  return socket.address === '0.0.0.0' || socket.address === '::';
}

/**
 * Whether a UDP answer comes from the address that was asked (IP_PKTINFO, udp(7)), or from the one that the route to the asker chooses.
 * docker-proxy learned the former during 27 (moby pull 48571); other programs are taken to know it.
 */
export function answersFromAsked(world: World, netns: Netns, socket: Listener): boolean {
  if (socket.protocol !== 'udp' || !isWildcard(socket) || !proxyBehind(world.model, netns, socket)) return true;
  const engine = hostOf(world.model, netns)?.engine;
  const major = engine?.known ? Number.parseInt(engine.value.version, 10) : Number.NaN;
  if (major < 27 || major > 27) return major > 27;
  return world.choose({
    key: `${netns.id}|docker-proxy answers from`,
    why: 'missing',
    text: `whether this docker-proxy on ${netns.host} answers UDP from the address that was asked: it does from engine 28 on`,
  });
}
