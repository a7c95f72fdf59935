/** A packet and its surroundings for tests: a new TCP connection from 192.0.2.1 to 192.0.2.2:80. */
import type { EvalContext } from '../../src/firewall/context.ts';
import type { Example } from '../../src/firewall/extension.ts';
import type { Netns } from '../../src/model/network.ts';
import type { Packet } from '../../src/model/packet.ts';

export function packet(part: Partial<Packet> = {}): Packet {
  const family = part.family ?? 4;
  return {
    family,
    protocol: 'tcp',
    src: family === 4 ? '192.0.2.1' : 'fd00::1',
    dst: family === 4 ? '192.0.2.2' : 'fd00::2',
    sport: 40000,
    dport: 80,
    mark: 0,
    ttl: 64,
    dscp: 0,
    length: 60,
    tcpFlags: 2,
    icmp: null,
    error: null,
    ...part,
  };
}

export function context(part: Partial<EvalContext> = {}): EvalContext {
  const of = part.packet ?? packet();
  const tuple = { src: of.src, dst: of.dst, sport: of.sport, dport: of.dport };
  return {
    netns: { id: 'h1/1' } as Netns,
    family: of.family,
    hook: 'forward',
    iif: 'eth0',
    oif: 'eth1',
    physIn: null,
    physOut: null,
    bridged: false,
    etherSrc: '02:00:00:00:00:01',
    etherDst: '02:00:00:00:00:02',
    pkttype: 'unicast',
    conntrack: {
      state: 'new',
      direction: 'original',
      status: 0n,
      original: { ...tuple, dport: 8080 },
      reply: { src: tuple.dst, dst: tuple.src, sport: tuple.dport, dport: tuple.sport },
      protocol: 6,
    },
    owner: null,
    packet: of,
    ctMark: 0,
    notrack: false,
    fib: () => 1n,
    link: () => ({ group: 'default', kind: 'veth', ifindex: 2, master: null }),
    choose: () => {
      throw new Error('nothing here is unknown');
    },
    ...part,
  };
}

export function exampleContext(example: Example, choose: EvalContext['choose']): EvalContext {
  return context({ packet: packet({ family: example.family ?? 4, ...example.packet }), ...example.context, choose });
}
