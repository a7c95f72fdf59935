/** What a rule may speak of: mostly packets that will really come by. */
import { type Draft, type Family, hosts, ipsOf, type Node, routers, SERVICES } from './topology.ts';

export interface Flow {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly src: string;
  readonly dst: string;
  readonly port: number;
}

export function someFlow(d: Draft, family: Family): Flow {
  const { dice } = d;
  const asks = d.asks.filter((ask) => ask.to.includes(':') === (family === 6));
  const any = (): string => dice.pick([...hosts(d), ...routers(d)].flatMap((n) => ipsOf(n, family)));
  if (asks.length === 0) return { family, protocol: 'tcp', src: any(), dst: any(), port: 80 };
  const ask = dice.pick(asks);
  const from = d.nodes.find((n) => n.name === ask.from)!;
  const src = ask.source ?? ipsOf(from, family)[0] ?? any();
  return { family, protocol: ask.protocol, src, dst: ask.to, port: ask.port || dice.pick(SERVICES)[1] };
}

/** The address, or a prefix of its surroundings. */
export function around(d: Draft, ip: string): string {
  const six = ip.includes(':');
  const wide = six ? ip.replace(/[^:]*$/, '') : ip.replace(/\.\d+$/, '.0');
  return d.dice.weighted([
    [60, ip],
    [25, `${wide}/${six ? 64 : 24}`],
    [15, six ? 'fd00::/8' : '10.0.0.0/8'],
  ]);
}

export const deviceOf = (d: Draft, node: Node): string =>
  d.dice.weighted([
    [85, d.dice.pick(node.devices.filter((x) => x.kind !== 'port').map((x) => x.name))],
    [10, 'lo'],
    [5, 'eth9'],
  ]);
