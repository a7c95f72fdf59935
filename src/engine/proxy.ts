/** What the program behind the socket does: docker-proxy connects a second time, a paused one does nothing. */
import { converse } from './conversation.ts';
import { pausedBehind, proxyBehind } from './program.ts';
import { evidenceOf, newRecorder } from './recorder.ts';
import type { Ending, Talk } from './talk.ts';
import type { Why, World } from './types.ts';
import { caveat } from './world.ts';

/** The conversation, and behind a docker-proxy the proxy's own with the container. */
export function converseThrough(world: World, talk: Talk): Ending {
  const outer = converse(world, talk);
  if (outer.result !== 'open' || !outer.listener) return outer;
  const proxy = proxyBehind(world.model, outer.listener.netns, outer.listener.socket);
  if (!proxy || talk.protocol === 'icmp') return unlessPaused(world, outer);
  caveat(
    world,
    'DOCKER_PROXY',
    `docker-proxy (process ${proxy.pid}) on ${outer.listener.netns.host} takes the connection and opens its own to ${proxy.containerIp}:${proxy.containerPort}`,
  );
  world.recorder.hops = newRecorder().hops;
  const conversation = converse(world, {
    origin: { kind: 'netns', netns: outer.listener.netns, address: null },
    dst: proxy.containerIp,
    protocol: talk.protocol,
    sport: 51234,
    dport: proxy.containerPort,
    outsideTarget: false,
  });
  const inner = unlessPaused(world, conversation);
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

/** The kernel accepts for a paused program, and no answer comes. */
function unlessPaused(world: World, ending: Ending): Ending {
  const { listener } = ending;
  const paused = ending.result === 'open' && listener ? pausedBehind(world.model, listener.netns, listener.socket) : null;
  if (!listener || !paused || !ending.last) return ending;
  const key = `${listener.netns.id}|paused`;
  if (world.lifted.has(key)) return ending;
  const tcp = listener.socket.protocol === 'tcp';
  const text = `${paused.name} is paused: nothing in it runs`;
  const evidence = [evidenceOf(world.model, listener.netns, paused.source, `${paused.name}: ${paused.state}`)];
  const why: Why = { key, disposition: 'reply-lost', text, detail: 'paused', packet: ending.last, evidence };
  return { ...ending, result: 'closed', symptom: tcp ? 'CONNECTED' : 'TIMED_OUT', disposition: 'reply-lost', accepted: tcp, why, netns: listener.netns };
}
