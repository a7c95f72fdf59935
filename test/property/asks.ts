/** What is asked: mostly things that could work, from every kind of sender. */
import { type Draft, type Family, hosts, ipsOf, type Node, routers, SERVICES } from './topology.ts';
import type { Ask } from './world.ts';

const ASKS = 20;

function port(d: Draft, target: Node): readonly ['tcp' | 'udp', number] {
  const own = target.listens.map((l) => [l.protocol, l.port] as const);
  return own.length > 0 && d.dice.chance(0.85) ? d.dice.pick(own) : d.dice.pick(SERVICES);
}

function target(d: Draft, from: Node, family: Family): { node: Node; ip: string } | null {
  const { dice } = d;
  const others = [...hosts(d), ...hosts(d), ...routers(d)].filter((n) => n !== from);
  const node = dice.chance(0.07) ? from : dice.pick(others);
  const ips = ipsOf(node, family);
  if (ips.length === 0) return null;
  const loopback = family === 4 ? '127.0.0.1' : '::1';
  const nobody = ips[0]!.replace(/[^.:]+$/, '99');
  const nowhere = family === 4 ? '192.0.2.9' : '2001:db8::9';
  const ip = dice.weighted([
    [90, dice.pick(ips)],
    [node === from ? 30 : 0, loopback],
    [4, nobody],
    [3, nowhere],
  ]);
  return { node, ip };
}

export function drawAsks(d: Draft): void {
  const { dice } = d;
  const senders = [...hosts(d), ...hosts(d), ...routers(d)];
  for (let i = 0; i < ASKS * 2 && d.asks.length < ASKS; i++) {
    const from = dice.pick(senders);
    const family = dice.pick(d.families);
    const to = target(d, from, family);
    if (!to || ipsOf(from, family).length === 0) continue;
    const icmp = dice.chance(0.15);
    const [protocol, number] = icmp ? (['icmp', 0] as const) : port(d, to.node);
    const own = ipsOf(from, family);
    const source = dice.chance(own.length > 1 ? 0.25 : 0.05) ? { source: dice.pick(own) } : {};
    const ask: Ask = { from: from.name, to: to.ip, protocol, port: number, ...source };
    if (!d.asks.some((other) => JSON.stringify(other) === JSON.stringify(ask))) d.asks.push(ask);
  }
}
