/** Native nftables: base chains at any hook and priority, sets, maps, verdict maps, concatenations, NAT. */
import { around, deviceOf, someFlow } from './flow.ts';
import { type Draft, type Family, hosts, ipsOf, type Node, SERVICES } from './topology.ts';

type Table = 'inet' | 'ip' | 'ip6';

interface Place {
  readonly d: Draft;
  readonly node: Node;
  readonly table: Table;
  readonly hook: string;
  /** IPv6 packets, where the table has both. */
  readonly family: Family;
}

interface Matched {
  readonly text: string;
  readonly tcp: boolean;
}

function match(p: Place): Matched {
  const { d, node, hook, family } = p;
  const { dice } = d;
  const flow = someFlow(d, family);
  const ip = family === 6 ? 'ip6' : 'ip';
  const type = family === 6 ? 'ipv6' : 'ip';
  const l4 = flow.protocol === 'icmp' ? 'tcp' : flow.protocol;
  const other = someFlow(d, family);
  const not = (): string => (dice.chance(0.15) ? '!= ' : '');
  const received = ['prerouting', 'input', 'forward'].includes(hook);
  const sent = ['forward', 'output', 'postrouting'].includes(hook);
  const set = (...all: string[]): string => `{ ${[...new Set(all)].join(', ')} }`;
  const port = dice.weighted<string>([
    [40, `${l4} dport ${not()}${flow.port}`],
    [15, `${l4} dport ${not()}${set(`${flow.port}`, '7000-7010')}`],
    [6, `${l4} sport 20000-29999`],
    [8, `meta l4proto { tcp, udp } th dport ${flow.port}`],
    [6, `${ip} daddr . ${l4} dport ${set(`${flow.dst} . ${flow.port}`, `${other.dst} . 80`)}`],
    [6, `meta l4proto ${not()}${l4}`],
    [
      6,
      flow.protocol === 'icmp'
        ? family === 4
          ? `icmp type ${dice.pick(['echo-request', 'echo-reply', 'destination-unreachable'])}`
          : `icmpv6 type ${dice.pick(['echo-request', 'echo-reply', 'nd-neighbor-solicit'])}`
        : `${l4} dport < 1024`,
    ],
    [l4 === 'tcp' ? 8 : 0, dice.pick(['tcp flags syn / fin,syn,rst,ack', 'tcp flags & (syn|ack) == syn|ack', 'tcp flags rst'])],
  ]);
  const choices: readonly (readonly [number, string])[] = [
    [14, `${ip} saddr ${not()}${around(d, flow.src)}`],
    [14, `${ip} daddr ${not()}${around(d, flow.dst)}`],
    [6, `${ip} ${dice.pick(['saddr', 'daddr'])} ${not()}${set(flow.src, flow.dst)}`],
    [6, `${ip} ${dice.pick(['saddr', 'daddr'])} ${not()}@hot${family}`],
    [received ? 8 : 0, `iifname ${not()}"${deviceOf(d, node)}"`],
    [sent ? 8 : 0, `oifname ${not()}"${dice.pick([deviceOf(d, node), 'eth*'])}"`],
    [hook === 'forward' ? 5 : 0, `iifname . oifname ${set(`"${deviceOf(d, node)}" . "${deviceOf(d, node)}"`, `"${deviceOf(d, node)}" . "eth0"`)}`],
    [8, `ct state ${not()}${dice.pick(['new', 'established', 'established,related', 'invalid', 'untracked', 'new,untracked'])}`],
    [
      5,
      dice.pick([
        'ct direction original',
        'ct direction reply',
        'ct status dnat',
        'ct status snat',
        'ct status seen-reply',
        `ct original ${ip} daddr ${flow.dst}`,
        `meta l4proto ${l4} ct original proto-dst ${flow.port}`,
      ]),
    ],
    [5, dice.pick([`meta mark ${not()}0x1`, 'meta mark & 0x10 == 0x10', 'ct mark 0x2'])],
    [4, `fib ${dice.pick(['daddr', 'saddr'])} type ${not()}${dice.pick(['local', 'unicast'])}`],
    [
      hook === 'prerouting' || hook === 'input' || hook === 'forward' ? 4 : 0,
      `fib ${dice.pick(['saddr', 'saddr', 'daddr'])} . iif oif ${dice.pick(['missing', 'exists'])}`,
    ],
    [3, family === 6 ? 'ip6 hoplimit < 64' : `ip ttl ${dice.pick(['< 64', '64'])}`],
    [p.table === 'inet' ? 4 : 0, `meta nfproto ${not()}ipv${family}`],
    [3, `${type === 'ip' ? 'ip dscp' : 'ip6 dscp'} ${not()}cs0`],
  ];
  const words = [...new Set(Array.from({ length: dice.int(3) }, () => dice.weighted(choices)))];
  if (words.length === 0 || dice.chance(0.5)) words.push(port);
  return { text: words.join(' '), tcp: words.includes(port) && port.startsWith('tcp ') && !port.includes('!=') };
}

function rule(p: Place, jumps: boolean): string {
  const { d, table, hook, family } = p;
  const { dice } = d;
  const flow = someFlow(d, family);
  const ip = family === 6 ? 'ip6' : 'ip';
  const l4 = flow.protocol === 'udp' ? 'udp' : 'tcp';
  if (dice.chance(0.12)) {
    return dice.pick([
      `${l4} dport vmap { ${flow.port} : ${dice.pick(['drop', 'accept', 'return'])}, 7000-7010 : accept }`,
      `${ip} saddr vmap { ${flow.src} : ${dice.pick(['drop', 'accept'])} }`,
      `${ip} daddr . ${l4} dport vmap { ${flow.dst} . ${flow.port} : ${dice.pick(['drop', 'accept', 'continue'])} }`,
      'ct state vmap { established : accept, related : accept, invalid : drop }',
      `meta mark set ${l4} dport map { ${flow.port} : 0x1, 7000 : 0x2 }`,
    ]);
  }
  const matched = match(p);
  const rejects = ['input', 'forward', 'output'].includes(hook);
  const kinds =
    table === 'inet'
      ? ['icmpx port-unreachable', 'icmpx admin-prohibited', 'icmpx host-unreachable', 'icmpx no-route']
      : table === 'ip'
        ? ['icmp net-unreachable', 'icmp host-prohibited', 'icmp admin-prohibited', 'icmp prot-unreachable', 'icmp port-unreachable']
        : ['icmpv6 no-route', 'icmpv6 admin-prohibited', 'icmpv6 addr-unreachable', 'icmpv6 port-unreachable'];
  const verdict = dice.weighted<string>([
    [28, 'accept'],
    [26, 'drop'],
    [rejects ? 22 : 0, matched.tcp && dice.chance(0.3) ? 'reject with tcp reset' : `reject with ${dice.pick(kinds)}`],
    [jumps ? 10 : 0, `${dice.pick(['jump', 'goto'])} sub`],
    [4, 'return'],
    [6, dice.pick(['meta mark set 0x1', 'meta mark set meta mark | 0x10', 'ct mark set 0x2', 'meta mark set ct mark', 'ct mark set meta mark'])],
    [hook === 'prerouting' ? 4 : 0, 'notrack'],
    [2, 'log prefix "x "'],
  ]);
  return `${matched.text} ${dice.chance(0.4) ? 'counter ' : ''}${verdict}`;
}

function nat(p: Omit<Place, 'hook' | 'table'>, hook: 'prerouting' | 'output' | 'postrouting' | 'input'): string {
  const { d, node, family } = p;
  const { dice } = d;
  const flow = someFlow(d, family);
  const ip = family === 6 ? 'ip6' : 'ip';
  const l4 = flow.protocol === 'udp' ? 'udp' : 'tcp';
  const other = dice.pick([...hosts(d).flatMap((n) => ipsOf(n, family)), flow.dst]);
  const shown = family === 6 ? `[${other}]` : other;
  if (hook === 'postrouting' || hook === 'input') {
    const snat = `snat to ${dice.pick([...ipsOf(node, family), other])}`;
    return `${ip} daddr ${around(d, flow.dst)} ${hook === 'input' ? snat : dice.pick(['masquerade', snat])}`;
  }
  const [first, second] = dice.some(
    SERVICES.filter(([protocol]) => protocol === l4).map(([, port]) => port),
    2,
  );
  return dice.pick([
    `${ip} daddr ${flow.dst} ${l4} dport ${flow.port} dnat to ${shown}:${second}`,
    `${l4} dport ${flow.port} dnat to ${other}`,
    `${l4} dport ${flow.port} redirect to :${second}`,
    `${ip} daddr ${flow.dst} dnat to ${other}`,
    `dnat ${ip} addr . port to ${l4} dport map { ${flow.port} : ${other} . ${second}, ${first === flow.port ? 7000 : first} : ${other} . 80 }`,
  ]);
}

export function drawNft(d: Draft, node: Node, tag: string): void {
  const { dice } = d;
  const table = dice.weighted<Table>([
    [55, 'inet'],
    [22, 'ip'],
    [d.families.includes(6) ? 23 : 0, 'ip6'],
  ]);
  const family = (): Family => (table === 'ip' ? 4 : table === 'ip6' ? 6 : dice.pick(d.families));
  const put = (line: string): void => void d.items.push({ kind: 'nft', on: node.name, line });
  put(`add table ${table} ${tag}`);
  for (const f of [4, 6] as const) {
    put(`add set ${table} ${tag} hot${f} { type ${f === 4 ? 'ipv4_addr' : 'ipv6_addr'}; flags interval; auto-merge; }`);
    if (d.families.includes(f)) put(`add element ${table} ${tag} hot${f} { ${around(d, someFlow(d, f).src)}, ${around(d, someFlow(d, f).dst)} }`);
  }
  put(`add chain ${table} ${tag} sub`);
  for (let i = 1 + dice.int(2); i > 0; i--) put(`add rule ${table} ${tag} sub ${rule({ d, node, table, hook: 'any', family: family() }, false)}`);
  const hooks = node.router ? ['forward', 'forward', 'input', 'output', 'prerouting', 'postrouting'] : ['input', 'output', 'prerouting'];
  for (const hook of new Set(dice.some(hooks, 1 + dice.int(2)))) {
    const policy = ['input', 'forward', 'output'].includes(hook) && dice.chance(0.2) ? 'drop' : 'accept';
    put(
      `add chain ${table} ${tag} ${hook} { type filter hook ${hook} priority ${dice.pick(['-300', '-150', '-10', '0', '0', '0', '10', '50'])}; policy ${policy}; }`,
    );
    const to = (text: string): void => put(`add rule ${table} ${tag} ${hook} ${text}`);
    if (policy === 'drop' && dice.chance(0.85)) to('ct state established,related accept');
    if (policy === 'drop' && table !== 'ip' && dice.chance(0.8)) to('meta l4proto ipv6-icmp accept');
    if (policy === 'drop' && dice.chance(0.7)) to(`meta l4proto { tcp, udp } th dport { ${someFlow(d, 4).port}, ${someFlow(d, 4).port + 1} } accept`);
    for (let i = 1 + dice.int(4); i > 0; i--) to(rule({ d, node, table, hook, family: family() }, true));
  }
  if (dice.chance(0.3)) {
    const f = dice.pick(d.families);
    const nats = f === 4 ? 'ip' : 'ip6';
    const hook = dice.pick(node.router ? (['prerouting', 'prerouting', 'output', 'postrouting', 'postrouting'] as const) : (['output', 'input'] as const));
    put(`add table ${nats} ${tag}nat`);
    put(`add chain ${nats} ${tag}nat x { type nat hook ${hook} priority ${hook === 'postrouting' || hook === 'input' ? 100 : -100}; }`);
    put(`add rule ${nats} ${tag}nat x ${nat({ d, node, family: f }, hook)}`);
  }
}
