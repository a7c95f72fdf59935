/** A question put to the kernel packet by packet: request, answer, and what each side makes of it. */
import type { Symptom } from '../model/answer.ts';
import type { Gap } from '../model/evidence.ts';
import type { Listener, Netns } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { tupleOf } from './conntrack.ts';
import { tryFullSize } from './full-size.ts';
import { errorFor, resetOf } from './icmp.ts';
import { linksOf } from './index-netns.ts';
import { open, toAll } from './opening.ts';
import { answersFromAsked } from './program.ts';
import { evidenceOf, newRecorder, type RecordedHop, step } from './recorder.ts';
import { outputKey, routeOutput } from './route-output.ts';
import { ICMP, ICMP6, newSkb } from './skb.ts';
import { socketFor } from './socket.ts';
import { localSymptom, symptomOf } from './symptom.ts';
import { ACK, answerTo, type Ending, firstPacket, RST, type Talk } from './talk.ts';
import type { Death, Fate, Skb, Why, World } from './types.ts';
import { portsTowards } from './underlay.ts';
import { inject, send } from './walk.ts';
import { caveat, MissingFact, need, sysctl } from './world.ts';

export function converse(world: World, talk: Talk): Ending {
  const first = firstPacket(talk);
  const base = {
    soft: false,
    direction: 'request' as const,
    why: null,
    netns: null,
    reply: null,
    listener: null,
    accepted: false,
    reset: false,
    errno: null,
    answerLost: null,
    gap: null,
    last: null,
  };
  try {
    if (
      talk.origin.kind === 'netns' &&
      talk.origin.address &&
      !linksOf(talk.origin.netns).addresses.has(talk.origin.address) &&
      !isAnyLocal(talk.origin.netns, talk.origin.address)
    ) {
      return { ...base, result: 'closed', symptom: 'ADDRESS_NOT_AVAILABLE', forward: [], disposition: 'no-source' };
    }
    return new Conversation(world, talk, first).run();
  } catch (e) {
    if (!(e instanceof MissingFact)) throw e;
    return { ...base, result: 'unknown', symptom: 'UNKNOWN', forward: world.recorder.hops, disposition: 'insufficient-information', gap: e.gap };
  }
}

function isAnyLocal(ns: Netns, address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || sysctl(ns, 'ipv4.ip_nonlocal_bind') !== 0;
}

/** Lives for one walk: which packets went, and what they left. */
class Conversation {
  readonly #world: World;
  readonly #talk: Talk;
  /** The first packet as the source's own socket knows it: address chosen, before any translation. */
  #asked: Packet;
  /** The route is looked for without a source address, though the route has chosen one. */
  #anySource = false;
  #forward: readonly RecordedHop[] = [];
  #reply: readonly RecordedHop[] | null = null;

  constructor(world: World, talk: Talk, first: Packet) {
    this.#world = world;
    this.#talk = talk;
    this.#asked = first;
  }

  run(): Ending {
    const { origin, protocol } = this.#talk;
    if (origin.kind === 'netns') {
      const opened = open(this.#world, origin.netns, this.#asked);
      this.#asked = opened.packet;
      this.#anySource = opened.anySource;
      const refused = toAll(this.#world, origin.netns, this.#asked);
      if (refused) return this.#end({ result: 'closed', symptom: localSymptom(refused.errno, protocol), disposition: 'no-route', ...refused });
    }
    const fate = this.#request(this.#asked);
    this.#forward = this.#world.recorder.hops;
    switch (fate.kind) {
      case 'died':
        return this.#died(fate);
      case 'left':
        return this.#leftModel(fate);
      case 'delivered':
        return this.#delivered(fate);
    }
  }

  #request(packet: Packet): Fate {
    const { origin } = this.#talk;
    if (origin.kind === 'netns') return send(this.#world, origin.netns, { ...newSkb(packet, 'unknown'), anySource: this.#anySource });
    return inject(this.#world, origin.port.netns, origin.port.dev, origin.port.mac, packet);
  }

  #end(part: Partial<Ending> & Pick<Ending, 'result' | 'symptom' | 'disposition'>): Ending {
    return {
      soft: false,
      direction: 'request',
      why: null,
      netns: null,
      forward: this.#forward,
      reply: this.#reply,
      listener: null,
      accepted: false,
      reset: false,
      errno: null,
      answerLost: null,
      gap: null,
      last: null,
      ...part,
    };
  }

  #died(fate: Death, part: Partial<Ending> = {}): Ending {
    const { protocol } = this.#talk;
    const back = fate.error ? this.#replyFrom(fate.netns, fate.error.skb) : null;
    const told = back && this.#told(back);
    const place = {
      why: fate.why,
      netns: fate.netns,
      disposition: fate.why.disposition,
      last: fate.why.packet,
      answerLost: back?.kind === 'died' ? back : null,
      errno: fate.errno,
      ...part,
    };
    // The error of the send itself comes first; TCP does not look at it when an ICMP error or reset came as well.
    if (fate.errno && (protocol !== 'tcp' || !told)) return this.#end({ result: 'closed', symptom: localSymptom(fate.errno, protocol), ...place });
    if (told) return this.#end({ result: 'closed', symptom: told.symptom, soft: told.soft, ...place });
    return this.#end({ result: 'closed', symptom: 'TIMED_OUT', ...place });
  }

  /** What the asking program sees of an error or reset; null when it does not get there. */
  #told(fate: Fate): { symptom: Symptom; soft: boolean } | null {
    if (fate.kind === 'left' && this.#talk.origin.kind === 'netns') throw new MissingFact(beyond(fate));
    if (fate.kind === 'died' || !this.#isHome(fate)) return null;
    const { packet } = fate.skb;
    if (packet.error) {
      const { about } = packet.error;
      if (about.dst !== this.#asked.dst || about.dport !== this.#asked.dport || about.sport !== this.#asked.sport || about.src !== this.#asked.src) return null;
      return symptomOf(packet, this.#talk.protocol);
    }
    if (!this.#isAnswer(packet)) return null;
    return packet.tcpFlags & RST ? { symptom: 'REFUSED', soft: false } : null;
  }

  #replyFrom(from: Netns, skb: Skb): Fate {
    this.#world.recorder.hops = newRecorder().hops;
    const fate = send(this.#world, from, skb);
    this.#reply = this.#world.recorder.hops;
    return fate;
  }

  #isHome(fate: Fate): boolean {
    const { origin } = this.#talk;
    if (origin.kind === 'netns') return fate.kind === 'delivered' && fate.netns === origin.netns;
    return fate.kind === 'left' && fate.skb.packet.dst === origin.address;
  }

  #isAnswer(packet: Packet): boolean {
    const t = tupleOf(packet);
    return t.src === this.#asked.dst && t.dst === this.#asked.src && t.sport === this.#asked.dport && t.dport === this.#asked.sport;
  }

  #leftModel(fate: Extract<Fate, { kind: 'left' }>): Ending {
    const { packet } = fate.skb;
    if (!this.#talk.outsideTarget) {
      return this.#end({ result: 'unknown', symptom: 'UNKNOWN', disposition: 'leaves-model', netns: fate.netns, gap: beyond(fate), last: packet });
    }
    caveat(this.#world, 'BEYOND_MODEL_ASSUMED', `beyond ${fate.dev} everything is taken to work: no facts`);
    const link = linksOf(fate.netns).links.get(fate.dev);
    const known = portsTowards(this.#world.model, packet.src).length > 0 || linksOf(fate.netns).addresses.has(packet.src);
    if (!known) {
      const why: Why = {
        key: `${fate.netns.id}|return|${packet.src}`,
        disposition: 'reply-lost',
        text: `the packet leaves with source ${packet.src}, which nobody outside can answer: it was not translated`,
        dev: fate.dev,
        address: packet.src,
        detail: 'not-masqueraded',
        packet,
        evidence: [],
      };
      return this.#end({ result: 'closed', symptom: 'TIMED_OUT', direction: 'reply', disposition: 'reply-lost', why, netns: fate.netns, last: packet });
    }
    this.#world.recorder.hops = newRecorder().hops;
    const back = inject(this.#world, fate.netns, fate.dev, link?.mac ?? '', answerTo(packet));
    this.#reply = this.#world.recorder.hops;
    return this.#answered(back, null);
  }

  #delivered(fate: Extract<Fate, { kind: 'delivered' }>): Ending {
    const { packet } = fate.skb;
    const world = this.#world;
    if (packet.protocol === 'icmp') {
      const silent = packet.family === 4 ? 'ipv4.icmp_echo_ignore_all' : 'ipv6.icmp.echo_ignore_all';
      if (sysctl(fate.netns, silent) !== 0) {
        const text = `net.${silent} is 1`;
        const why: Why = {
          key: `${fate.netns.id}|echo`,
          disposition: 'dropped-by-kernel',
          text,
          packet,
          evidence: [evidenceOf(world.model, fate.netns, { source: 'sysctl', locator: `net.${silent}` }, text)],
        };
        return this.#end({ result: 'closed', symptom: 'TIMED_OUT', disposition: 'dropped-by-kernel', why, netns: fate.netns, last: packet });
      }
      return this.#answered(this.#replyFrom(fate.netns, newSkb(answerTo(packet))), null);
    }
    world.reads.homes.add(fate.netns);
    const socket = socketFor(fate.netns, packet, socketDevice(fate));
    if (!socket && !world.lifted.has(`${fate.netns.id}|socket`)) return this.#refused(fate);
    if (socket)
      step(
        world.recorder,
        fate.netns,
        'socket',
        `${socket.protocol} ${socket.address}:${socket.port}${socket.process ? ` of ${socket.process}` : ''} takes it`,
        [evidenceOf(world.model, fate.netns, socket.source, `${socket.protocol} ${socket.address}:${socket.port} ${socket.process ?? ''}`)],
      );
    if (socket?.queue && socket.queue.waiting > socket.queue.limit) {
      const full = this.#queueFull(fate, socket, socket.queue);
      if (full) return full;
    }
    const listener = socket ? { netns: fate.netns, socket } : null;
    const reply = answerTo(packet);
    const routed = socket !== null && !answersFromAsked(world, fate.netns, socket);
    const back = this.#replyFrom(fate.netns, newSkb(routed ? { ...reply, src: '' } : reply, 'unknown', socket?.dev ?? null));
    const ending = this.#answered(back, listener, fate);
    return routed && ending.why?.detail === 'not-translated' ? { ...ending, why: { ...ending.why, detail: 'other-address' } } : ending;
  }

  /** tcp_conn_request: with more connections waiting than the backlog allows (sk_acceptq_is_full) a SYN is dropped. */
  #queueFull(fate: Extract<Fate, { kind: 'delivered' }>, socket: Listener, queue: { waiting: number; limit: number }): Ending | null {
    const key = `${fate.netns.id}|queue|${socket.port}`;
    if (this.#world.lifted.has(key)) return null;
    const { packet } = fate.skb;
    const text = `${queue.waiting} connections wait to be accepted on ${packet.dst}:${packet.dport} and ${queue.limit} may: no more are taken`;
    const evidence = [evidenceOf(this.#world.model, fate.netns, socket.source, `Recv-Q ${queue.waiting} Send-Q ${queue.limit}`)];
    const why: Why = { key, disposition: 'dropped-by-kernel', text, detail: 'accept-queue', dev: fate.dev, packet, evidence };
    return this.#end({ result: 'closed', symptom: 'TIMED_OUT', disposition: 'dropped-by-kernel', why, netns: fate.netns, last: packet });
  }

  #refused(fate: Extract<Fate, { kind: 'delivered' }>): Ending {
    const { packet } = fate.skb;
    const world = this.#world;
    const text = `no socket listens on ${packet.protocol}/${packet.dport} for ${packet.dst}`;
    const evidence = need(fate.netns.listeners)
      .filter((l) => l.port === packet.dport)
      .slice(0, 3)
      .map((l) => evidenceOf(world.model, fate.netns, l.source, `${l.protocol} ${l.address}:${l.port}${l.dev ? ` on ${l.dev}` : ''}`));
    step(world.recorder, fate.netns, 'socket', text, evidence);
    const why: Why = { key: `${fate.netns.id}|socket`, disposition: 'refused-no-listener', text, packet, dev: fate.dev, evidence };
    const answer =
      packet.protocol === 'tcp'
        ? this.#mayReset(fate)
          ? newSkb({ ...resetOf(packet), dscp: packet.dscp }) // tcp_v4_send_reset
          : null
        : errorFor(fate.netns, fate.skb, packet.family === 4 ? ICMP.unreachable : ICMP6.unreachable, packet.family === 4 ? 3 : 4, fate.dev);
    return this.#died({ kind: 'died', netns: fate.netns, why, errno: null, error: answer ? { skb: answer } : null });
  }

  /** tcp_v4_send_reset: only where the address is local, which a packet routed over lo by hand is not. */
  #mayReset(fate: Extract<Fate, { kind: 'delivered' }>): boolean {
    const { packet } = fate.skb;
    if (fate.dev !== 'lo' || linksOf(fate.netns).addresses.has(packet.dst)) return true;
    const route = routeOutput(this.#world, fate.netns, { ...outputKey(packet), src: null, sport: 0, dport: 0 });
    return route.kind === 'out' && route.local;
  }

  /** The first answer is on its way; does it count, and does the connection carry data? */
  #answered(back: Fate, listener: Ending['listener'], there?: Extract<Fate, { kind: 'delivered' }>): Ending {
    const lost = (part: Partial<Ending>) =>
      this.#end({ result: 'closed', symptom: 'TIMED_OUT', direction: 'reply', disposition: 'reply-lost', listener, ...part });
    if (back.kind === 'died') return lost({ why: back.why, netns: back.netns, last: back.why.packet });
    if (!this.#isHome(back)) {
      if (back.kind === 'left')
        return this.#end({
          result: 'unknown',
          symptom: 'UNKNOWN',
          direction: 'reply',
          disposition: 'leaves-model',
          netns: back.netns,
          listener,
          gap: beyond(back),
          last: back.skb.packet,
        });
      return lost({ netns: back.netns, why: this.#strayed(back, `the reply ends in another namespace`), last: back.skb.packet });
    }
    if (!this.#isAnswer(back.skb.packet)) {
      const p = back.skb.packet;
      return lost({
        netns: back.netns,
        why: this.#strayed(back, `the reply comes from ${p.src}:${p.sport}, not from ${this.#asked.dst}:${this.#asked.dport}, and belongs to no socket`),
        last: p,
      });
    }
    if (this.#talk.protocol !== 'tcp' || !there)
      return this.#end({
        result: 'open',
        symptom: this.#talk.protocol === 'tcp' ? 'CONNECTED' : 'DELIVERED',
        disposition: 'accepted',
        listener,
        last: back.skb.packet,
      });
    return this.#established(there, listener);
  }

  #strayed(back: Extract<Fate, { kind: 'delivered' | 'left' }>, text: string): Why {
    return { key: `${back.netns.id}|stray`, disposition: 'reply-lost', text, detail: 'not-translated', packet: back.skb.packet, evidence: [] };
  }

  /** The handshake's third segment and the first data each way: rules that forget ESTABLISHED show here. */
  #established(there: Extract<Fate, { kind: 'delivered' }>, listener: Ending['listener']): Ending {
    const shown = { forward: this.#forward, reply: this.#reply };
    const accepted = { result: 'closed' as const, symptom: 'CONNECTED' as const, accepted: true, listener, ...shown };
    const ack = this.#request({ ...this.#asked, tcpFlags: ACK, length: this.#asked.length - 8 });
    if (ack.kind === 'died') {
      const answer = ack.error && this.#replyFrom(ack.netns, ack.error.skb);
      const reset = answer?.kind === 'delivered' && this.#isHome(answer) && this.#isAnswer(answer.skb.packet) && (answer.skb.packet.tcpFlags & RST) !== 0;
      return this.#end({ ...accepted, reset, disposition: ack.why.disposition, why: ack.why, netns: ack.netns, last: ack.why.packet });
    }
    const data = this.#replyFrom(
      there.netns,
      newSkb({ ...answerTo(there.skb.packet), tcpFlags: ACK | 8, length: there.skb.packet.length + 40 }, 'unknown', listener?.socket.dev ?? null),
    );
    if (data.kind === 'died')
      return this.#end({ ...accepted, direction: 'reply', disposition: 'reply-lost', why: data.why, netns: data.netns, last: data.why.packet });
    const full = { tcpFlags: ACK };
    tryFullSize(
      this.#world,
      there.netns,
      shown,
      [
        { sender: this.#talk.origin.kind === 'netns' ? this.#talk.origin.netns : null, send: (length) => this.#request({ ...this.#asked, ...full, length }) },
        { sender: there.netns, send: (length) => this.#replyFrom(there.netns, newSkb({ ...answerTo(there.skb.packet), ...full, length }, 'unknown')) },
      ],
      (from, error) => this.#replyFrom(from, error),
    );
    return this.#end({ result: 'open', symptom: 'CONNECTED', disposition: 'accepted', listener, last: there.skb.packet, ...shown });
  }
}

/** A packet to an own address comes in over lo, but counts as come in by the interface that has it (ip_route_output_key: orig_oif). */
function socketDevice(fate: Extract<Fate, { kind: 'delivered' }>): string {
  return fate.dev === 'lo' ? (linksOf(fate.netns).addresses.get(fate.skb.packet.dst)?.name ?? 'lo') : fate.dev;
}

function beyond(fate: Extract<Fate, { kind: 'left' }>): Gap {
  return {
    host: fate.netns.host,
    netns: fate.netns.key,
    source: 'underlay',
    reason: `the packet for ${fate.skb.packet.dst} leaves by ${fate.dev} towards ${fate.nexthop}; no facts about what lies beyond`,
  };
}
