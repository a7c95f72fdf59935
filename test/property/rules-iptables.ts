/** Rules of iptables and ip6tables, in the words that their save commands print. */
import { around, deviceOf, type Flow, someFlow } from './flow.ts';
import { type Draft, type Family, hosts, ipsOf, type Node } from './topology.ts';
import type { Program } from './world.ts';

const RECEIVING = ['PREROUTING', 'INPUT', 'FORWARD'];
const SENDING = ['FORWARD', 'OUTPUT', 'POSTROUTING'];
const REJECTS = {
  4: [
    'icmp-port-unreachable',
    'icmp-host-unreachable',
    'icmp-net-unreachable',
    'icmp-proto-unreachable',
    'icmp-net-prohibited',
    'icmp-host-prohibited',
    'icmp-admin-prohibited',
  ],
  6: ['icmp6-port-unreachable', 'icmp6-no-route', 'icmp6-adm-prohibited', 'icmp6-addr-unreachable', 'icmp6-policy-fail', 'icmp6-reject-route'],
} as const;
const ICMP = { 4: 'icmp', 6: 'ipv6-icmp' } as const;

interface Place {
  readonly d: Draft;
  readonly node: Node;
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly sets: boolean;
}

interface Matched {
  readonly text: string;
  readonly tcp: boolean;
  readonly ports: boolean;
  readonly flow: Flow;
}

function match(p: Place): Matched {
  const { d, node, family, chain } = p;
  const { dice } = d;
  const flow = someFlow(d, family);
  const not = (chance = 0.15): string => (dice.chance(chance) ? '! ' : '');
  const words: string[] = [];
  const protocol = dice.chance(0.65) ? flow.protocol : null;
  const inverted = protocol !== null && dice.chance(0.05);
  if (protocol) words.push(`${inverted ? '! ' : ''}-p ${protocol === 'icmp' ? ICMP[family] : protocol}`);
  const ports = protocol !== null && protocol !== 'icmp' && !inverted;
  const received = RECEIVING.includes(chain);
  const sent = SENDING.includes(chain);
  const portsOf = (...from: string[]): string => dice.pick(from);
  const choices: readonly (readonly [number, () => string])[] = [
    [14, () => `${not()}-s ${around(d, flow.src)}`],
    [14, () => `${not()}-d ${around(d, flow.dst)}`],
    [received ? 8 : 0, () => `${not()}-i ${deviceOf(d, node)}`],
    [sent ? 8 : 0, () => `${not()}-o ${dice.pick([deviceOf(d, node), 'eth+', 'br+'])}`],
    [ports ? 18 : 0, () => `-m ${protocol} ${not()}--dport ${portsOf(`${flow.port}`, `${flow.port}`, '1:1023', `${flow.port}:9000`)}`],
    [ports ? 4 : 0, () => `-m ${protocol} ${not()}--sport ${portsOf('1024:65535', `${flow.port}`, '20000:29999')}`],
    [ports ? 6 : 0, () => `-m multiport ${not()}--${portsOf('dports', 'dports', 'sports', 'ports')} ${flow.port},7000:7010`],
    [
      protocol === 'icmp' && !inverted ? 12 : 0,
      () =>
        family === 4
          ? `-m icmp ${not()}--icmp-type ${portsOf('8', '0', '3', '3/1')}`
          : `-m icmp6 ${not()}--icmpv6-type ${portsOf('128', '129', '135', '136', '1/3')}`,
    ],
    [4, () => `-m iprange ${not()}--${portsOf('src', 'dst')}-range ${flow.src.replace(/[^.:]+$/, '1')}-${flow.src.replace(/[^.:]+$/, '15')}`],
    [10, () => `-m conntrack ${not()}--ctstate ${portsOf('NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'RELATED', 'UNTRACKED', 'DNAT', 'SNAT')}`],
    [2, () => `-m state --state ${portsOf('NEW', 'ESTABLISHED', 'INVALID')}`],
    [
      4,
      () =>
        `-m conntrack ${portsOf(`${not()}--ctorigdst ${around(d, flow.dst)}`, `${not()}--ctorigsrc ${around(d, flow.src)}`, `${not()}--ctreplsrc ${flow.dst}`, '--ctdir ORIGINAL', '--ctdir REPLY', `${not()}--ctstatus SEEN_REPLY`, `--ctproto tcp --ctorigdstport ${flow.port}`)}`,
    ],
    [
      6,
      () =>
        `-m addrtype ${not()}--${portsOf('dst-type LOCAL', 'src-type LOCAL', 'dst-type UNICAST', 'src-type UNICAST', 'dst-type MULTICAST', ...(received ? ['dst-type LOCAL --limit-iface-in'] : []))}`,
    ],
    [4, () => `-m ${portsOf('mark', 'connmark')} ${not()}--mark ${portsOf('0x1', '0x2', '0x10/0x10')}`],
    [received ? 3 : 0, () => `-m pkttype ${not()}--pkt-type unicast`],
    [3, () => (family === 4 ? `-m ttl --ttl-${portsOf('lt 64', 'eq 64', 'gt 62')}` : `-m hl --hl-${portsOf('lt 64', 'eq 64', 'gt 62')}`)],
    [
      protocol === 'tcp' && ports ? 8 : 0,
      () => `-m tcp ${portsOf('--syn', '! --syn', '--tcp-flags SYN,ACK SYN,ACK', '--tcp-flags FIN,SYN,RST,ACK SYN', '--tcp-flags RST RST')}`,
    ],
    [2, () => `-m dscp ${not()}--dscp ${portsOf('0x00', '0x2e')}`],
    [2, () => '-m length --length 0:1500'],
    [3, () => '-m comment --comment "-j DROP said a friend"'],
    [
      p.sets ? 10 : 0,
      () =>
        `-m set ${not()}--match-set ${portsOf(`a${family} src`, `a${family} dst`, `n${family} src`, `n${family} dst`, ...(ports ? [`p${family} dst,dst`, 'q dst'] : []))}`,
    ],
    [chain === 'PREROUTING' && (p.table === 'raw' || p.table === 'mangle') ? 6 : 0, () => `-m rpfilter ${portsOf('--invert', '--loose --invert', '')}`],
  ];
  const used = new Set<number>();
  for (let i = dice.pick([1, 1, 2, 2, 3]); i > 0; i--) {
    const index = dice.weighted(choices.map(([weight], at) => [weight, at] as const));
    if (used.has(index)) continue;
    used.add(index);
    words.push(choices[index]![1]().trim());
  }
  return { text: words.join(' '), tcp: protocol === 'tcp' && ports, ports, flow };
}

function target(p: Place, { tcp, ports, flow }: Matched): string {
  const { d, node, family } = p;
  const { dice } = d;
  const mark = (): string =>
    dice.pick([
      'MARK --set-xmark 0x1/0xffffffff',
      'MARK --set-xmark 0x10/0x10',
      'CONNMARK --save-mark',
      'CONNMARK --restore-mark',
      'CONNMARK --set-xmark 0x2/0xffffffff',
    ]);
  const other = (): string => dice.pick([...hosts(d).flatMap((n) => ipsOf(n, family)), flow.dst]);
  const reject = (): string => (tcp && dice.chance(0.3) ? 'REJECT --reject-with tcp-reset' : `REJECT --reject-with ${dice.pick(REJECTS[family])}`);
  switch (p.table) {
    case 'filter':
      return dice.weighted([
        [30, 'ACCEPT'],
        [26, 'DROP'],
        [24, reject()],
        [p.chain.startsWith('u') ? 0 : 12, dice.pick(['u1', 'u2'])],
        [6, 'RETURN'],
        [4, mark()],
        [2, 'LOG --log-prefix "x: "'],
      ]);
    case 'raw':
      return dice.pick(['DROP', 'CT --notrack', 'CT --notrack', 'ACCEPT']);
    case 'mangle':
      return dice.weighted([
        [60, mark()],
        [16, 'DROP'],
        [8, 'ACCEPT'],
        [10, family === 4 ? dice.pick(['TTL --ttl-set 1', 'TTL --ttl-dec 1']) : dice.pick(['HL --hl-set 1', 'HL --hl-dec 1'])],
        [6, 'DSCP --set-dscp 0x2e'],
      ]);
    default: {
      const ip = other();
      const bracketed = family === 4 ? ip : `[${ip}]`;
      if (p.chain === 'POSTROUTING' || p.chain === 'INPUT') {
        const snat = `SNAT --to-source ${dice.pick([...ipsOf(node, family), other()])}`;
        return p.chain === 'INPUT' ? snat : dice.pick(['MASQUERADE', 'MASQUERADE', snat, 'ACCEPT', `NETMAP --to ${ip}/${family === 4 ? 32 : 128}`]);
      }
      return dice.weighted([
        [40, `DNAT --to-destination ${ip}`],
        [ports ? 30 : 0, `DNAT --to-destination ${bracketed}:${dice.pick([80, 8080, 5432])}`],
        [ports ? 20 : 6, ports ? `REDIRECT --to-ports ${dice.pick([80, 8080])}` : 'REDIRECT'],
        [8, `NETMAP --to ${ip}/${family === 4 ? 32 : 128}`],
        [4, family === 4 ? 'DNAT --to-destination 127.0.0.1' : 'DNAT --to-destination ::1'],
        [6, 'ACCEPT'],
      ]);
    }
  }
}

function rule(p: Place): string {
  const matched = match(p);
  const to = target(p, matched);
  return `-A ${p.chain} ${matched.text} -${/^u\d/.test(to) && p.d.dice.chance(0.35) ? 'g' : 'j'} ${to}`;
}

const PLACES = (router: boolean) =>
  [
    [12, 'filter', 'INPUT'],
    [router ? 24 : 0, 'filter', 'FORWARD'],
    [10, 'filter', 'OUTPUT'],
    [5, 'raw', 'PREROUTING'],
    [3, 'raw', 'OUTPUT'],
    [5, 'mangle', 'PREROUTING'],
    [router ? 3 : 0, 'mangle', 'FORWARD'],
    [4, 'mangle', 'OUTPUT'],
    [2, 'mangle', 'POSTROUTING'],
    [1, 'mangle', 'INPUT'],
    [router ? 9 : 2, 'nat', 'PREROUTING'],
    [5, 'nat', 'OUTPUT'],
    [router ? 8 : 1, 'nat', 'POSTROUTING'],
    [1, 'nat', 'INPUT'],
  ] as const;

function drawSets(d: Draft, node: Node, family: Family): void {
  const { dice } = d;
  const put = (line: string): void => void d.items.push({ kind: 'ipset', on: node.name, line });
  const inet = family === 4 ? 'inet' : 'inet6';
  put(`create a${family} hash:ip family ${inet}`);
  put(`create n${family} hash:net family ${inet}`);
  put(`create p${family} hash:ip,port family ${inet}`);
  put('create q bitmap:port range 0-65535 -exist');
  for (let i = 0; i < 3; i++) {
    const flow = someFlow(d, family);
    put(`add a${family} ${dice.pick([flow.src, flow.dst])} -exist`);
    put(`add n${family} ${around(d, flow.src)}${dice.chance(0.2) ? ' nomatch' : ''} -exist`);
    put(`add p${family} ${flow.dst},${flow.protocol === 'icmp' ? 'tcp' : flow.protocol}:${flow.port} -exist`);
    put(`add q ${flow.port} -exist`);
  }
}

export function drawIptables(d: Draft, node: Node, family: Family): void {
  const { dice } = d;
  const backend = dice.chance(0.3) ? 'legacy' : 'nft';
  const program: Program = `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}`;
  const put = (table: string, line: string): void => void d.items.push({ kind: 'iptables', on: node.name, program, table, line });
  const sets = dice.chance(0.2);
  if (sets) drawSets(d, node, family);
  for (const chain of ['u1', 'u2']) put('filter', `:${chain} - [0:0]`);
  for (const chain of ['u1', 'u2']) for (let i = dice.int(3); i > 0; i--) put('filter', rule({ d, node, family, table: 'filter', chain, sets }));
  const closed = dice.chance(0.3) ? dice.pick(node.router ? ['FORWARD', 'FORWARD', 'INPUT', 'OUTPUT'] : ['INPUT', 'OUTPUT']) : null;
  if (closed) put('filter', `:${closed} DROP [0:0]`);
  const established = (): void => {
    if (closed && dice.chance(0.85)) put('filter', `-A ${closed} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
    if (closed && family === 6 && dice.chance(0.8)) put('filter', `-A ${closed} -p ipv6-icmp -j ACCEPT`);
    if (closed && dice.chance(0.6)) put('filter', `-A ${closed} -p tcp -m tcp --dport ${someFlow(d, family).port} -j ACCEPT`);
  };
  const early = dice.chance(0.5);
  if (early) established();
  for (let i = 1 + dice.int(5); i > 0; i--) {
    const [table, chain] = dice.weighted(PLACES(node.router).map(([weight, t, c]) => [weight, [t, c] as const] as const));
    put(table, rule({ d, node, family, table, chain, sets }));
  }
  if (!early) established();
}
