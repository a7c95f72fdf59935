/** Which socket takes a packet: inet_hashtables.c and udp.c, for sockets that wait. */
import type { Listener, Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { need } from './world.ts';

function score(l: Listener, packet: Packet, dev: string): number {
  if (l.protocol !== packet.protocol || l.port !== packet.dport) return -1;
  if (l.dev !== null && l.dev !== dev) return -1;
  const any = l.address === '0.0.0.0' || l.address === '::';
  if (packet.family === 4) {
    if (l.family === 6 && (l.v6only || l.address !== '::')) return -1;
  } else if (l.family !== 6) return -1;
  if (!any && l.address !== packet.dst) return -1;
  return (any ? 0 : 4) + (l.dev ? 2 : 0) + (l.family === packet.family ? 1 : 0);
}

/** The listener that the kernel picks for a packet that came in by `dev`; null: none. */
export function socketFor(ns: Netns, packet: Packet, dev: string): Listener | null {
  let best: Listener | null = null;
  let most = -1;
  for (const l of need(ns.listeners)) {
    const s = score(l, packet, dev);
    if (s > most) {
      most = s;
      best = l;
    }
  }
  return best;
}
