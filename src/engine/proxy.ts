/** docker-proxy accepts for a container and connects a second time: two conversations, one answer. */
import type { DockerProxy } from '../model/docker.ts';
import type { Model } from '../model/model.ts';
import { converse, type Ending, type Talk } from './conversation.ts';
import { newRecorder } from './recorder.ts';
import type { World } from './types.ts';
import { caveat } from './world.ts';

function proxyBehind(model: Model, ending: Ending): DockerProxy | null {
  if (!ending.listener) return null;
  const { netns, socket } = ending.listener;
  const host = model.hosts.find((h) => h.name === netns.host);
  if (!host?.proxies.known) return null;
  return (
    host.proxies.value.find((p) => p.pid === socket.pid && p.hostPort === socket.port) ??
    (socket.process === 'docker-proxy' || socket.process === null
      ? (host.proxies.value.find(
          (p) =>
            p.protocol === socket.protocol &&
            p.hostPort === socket.port &&
            (socket.address === '0.0.0.0' || socket.address === '::' || p.hostIp === socket.address),
        ) ?? null)
      : null)
  );
}

/** The conversation, and behind a docker-proxy the proxy's own with the container. */
export function converseThrough(world: World, talk: Talk): Ending {
  const outer = converse(world, talk);
  if (outer.result !== 'open' || !outer.listener) return outer;
  const proxy = proxyBehind(world.model, outer);
  if (!proxy || talk.protocol === 'icmp') return outer;
  caveat(
    world,
    'DOCKER_PROXY',
    `docker-proxy (process ${proxy.pid}) on ${outer.listener.netns.host} takes the connection and opens its own to ${proxy.containerIp}:${proxy.containerPort}`,
  );
  world.recorder.hops = newRecorder().hops;
  const inner = converse(world, {
    origin: { kind: 'netns', netns: outer.listener.netns, address: null },
    dst: proxy.containerIp,
    protocol: talk.protocol,
    sport: 51234,
    dport: proxy.containerPort,
    outsideTarget: false,
  });
  const forward = [...outer.forward, ...inner.forward];
  const reply = [...(inner.reply ?? []), ...(outer.reply ?? [])];
  if (inner.result === 'open') return { ...outer, forward, reply, listener: inner.listener };
  // TCP: connect() has succeeded already, then comes a reset or nothing. UDP: nothing comes.
  return {
    ...inner,
    forward,
    reply,
    symptom: inner.result === 'unknown' ? 'UNKNOWN' : talk.protocol === 'tcp' ? 'CONNECTED' : 'TIMED_OUT',
    accepted: talk.protocol === 'tcp',
  };
}
