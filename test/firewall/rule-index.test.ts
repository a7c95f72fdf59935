/** The index passes over rules that cannot match, and nothing else: a run by it is the run that asks every rule. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EvalContext, Unknown } from '../../src/firewall/context.ts';
import { parseIpsetSave } from '../../src/firewall/ipset/parse.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import { MATCHES, TARGETS } from '../../src/firewall/registry.ts';
import { indexRules, nextRule, TUPLE_WORDS } from '../../src/firewall/rule-index/chain-index.ts';
import { byIndex, inTurn, type NextRule } from '../../src/firewall/rule-index/next.ts';
import { PACKET_WORDS } from '../../src/firewall/rule-index/words.ts';
import { runChain } from '../../src/firewall/run-chain.ts';
import type { Chain, NamedSet, Table } from '../../src/model/firewall.ts';
import type { Packet } from '../../src/model/packet.ts';
import { familyOf } from '../../src/util/ip.ts';
import { context, packet } from './world.ts';

const IPSETS = parseIpsetSave('create s hash:ip family inet\nadd s 10.1.1.1\n').sets;
const RUNS = Number(process.env.NETWHY_INDEX_RUNS ?? 300);

/** Everything that a run is: its outcome, the rules that matched, what was asked, and what became of the packet. */
function record(table: Table, base: Chain, part: Partial<EvalContext>, answers: readonly boolean[], next: NextRule, ipsets: ReadonlyMap<string, NamedSet>) {
  const asked: Unknown[] = [];
  const choose = (unknown: Unknown): boolean => answers[asked.push(unknown) % answers.length]!;
  const ctx = context({ ...part, choose });
  const { outcome, matched } = runChain({ table, ipsets }, base, ctx, next);
  const place = (chain: Chain, position: number | undefined) => `${chain.name} ${position ?? 'policy'}`;
  return {
    outcome: { ...outcome, chain: place(outcome.chain, outcome.rule?.position), rule: null },
    matched: matched.map((m) => `${place(m.chain, m.rule.position)}: ${m.effect}`),
    asked,
    after: [ctx.packet, ctx.ctMark, ctx.notrack],
  };
}

function bothWays(table: Table, part: Partial<EvalContext>, answers: readonly boolean[], ipsets: ReadonlyMap<string, NamedSet> = IPSETS): number {
  let matched = 0;
  for (const base of table.chains.values()) {
    if (!base.base) continue;
    const slow = record(table, base, part, answers, inTurn, ipsets);
    expect(record(table, base, part, answers, byIndex, ipsets)).toEqual(slow);
    matched += slow.matched.length;
  }
  return matched;
}

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const NAMES = ['br-a', 'br-b', 'eth0', 'veth1'] as const;
const V4 = ['10.1.1.1', '10.1.1.2', '10.1.2.1', '10.200.0.1', '192.0.2.1'] as const;
const V6 = ['fd00::1', 'fd00::2', 'fd00:0:0:1::1', 'fd01::1', '2001:db8::1'] as const;
const PORTS = [53, 80, 81, 8080] as const;
const PLACES_V4 = ['10.1.1.1', '10.1.1.1', '10.1.1.0/24', '10.1.0.0/20', '10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/255.255.0.255'] as const;
const PLACES_V6 = ['fd00::1', 'fd00::1/128', 'fd00::/64', 'fd00::/60', 'fd00::/8', '::/0', '2001:db8::/32'] as const;

const words = (family: 4 | 6) => {
  const place = family === 4 ? some(...PLACES_V4) : some(...PLACES_V6);
  const not = some('', '', '! ');
  const device = some('br-a', 'br-b', 'eth0', 'veth+', '+');
  const port = some('53', '80', '80:81', '81:', '8080');
  const icmp = family === 4 ? '-p icmp -m icmp --icmp-type 8' : '-p ipv6-icmp -m icmp6 --icmpv6-type 128';
  return fc.array(
    fc.oneof(
      fc.tuple(not, some('-s', '-d'), place).map((w) => `${w[0]}${w[1]} ${w[2]}`),
      fc.tuple(not, some('-i', '-o'), device).map((w) => `${w[0]}${w[1]} ${w[2]}`),
      fc.tuple(some('tcp', 'udp'), not, some('--sport', '--dport'), port).map(([p, n, o, v]) => `-p ${p} -m ${p} ${n}${o} ${v}`),
      fc
        .tuple(some('tcp', 'udp'), some('--sports', '--dports', '--ports'), some('53,80', '81,8080', '80:81'))
        .map((w) => `-p ${w[0]} -m multiport ${w[1]} ${w[2]}`),
      some('-p tcp', '! -p tcp', '-p sctp', icmp, '-m mark --mark 0x1', '-m limit --limit 1/sec', '-m u32 --u32 "0=1"', '-m set --match-set s src'),
      some('-m conntrack --ctstate NEW', '-m set --match-set gone dst', '-m statistic --mode random --probability 0.5'),
      family === 4 ? fc.constant('-m iprange --dst-range 10.1.1.1-10.1.2.1') : fc.constant('-m iprange --src-range fd00::1-fd00::ffff'),
    ),
    { minLength: 1, maxLength: 3 },
  );
};
const ends = some(
  '',
  '-j RETURN',
  '-j ACCEPT',
  '-j DROP',
  '-j LOG',
  '-j LOG',
  '-j LOG',
  '-j LOG',
  '-j A',
  '-j B',
  '-g A',
  '-g B',
  '-j LOG',
  '-j MARK --set-xmark 0x1/0x1',
  '-j REJECT',
  '-j WHAT',
);
const chain = (family: 4 | 6, maxLength: number) =>
  fc.array(
    fc.tuple(words(family), ends).map(([w, end]) => [...w, end].join(' ')),
    { maxLength },
  );
const tables = (family: 4 | 6) =>
  fc.tuple(chain(family, 40), chain(family, 25), chain(family, 6)).map((chains) => {
    const names = ['FORWARD', 'A', 'B'];
    const rules = chains.flatMap((list, i) => list.map((rule) => `-A ${names[i]} ${rule}`));
    return ['*filter', ':FORWARD DROP [0:0]', ':A - [0:0]', ':B - [0:0]', ...rules, 'COMMIT'].join('\n');
  });
const packets = (family: 4 | 6): fc.Arbitrary<Packet> =>
  fc
    .record({
      src: family === 4 ? some(...V4) : some(...V6),
      dst: family === 4 ? some(...V4) : some(...V6),
      sport: some(...PORTS),
      dport: some(...PORTS),
      mark: some(0, 1),
      protocol: some('tcp' as const, 'udp' as const, 'icmp' as const),
    })
    .map((p) => packet({ family, ...p, icmp: p.protocol === 'icmp' ? { type: family === 4 ? 8 : 128, code: 0 } : null }));
const devices = fc.record({ iif: some(null, ...NAMES), oif: some(null, ...NAMES) });
const answers = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });

describe('a walk by the index is the walk that asks every rule', () => {
  test.each([4, 6] as const)('through random chains of iptables, IPv%i', (family) => {
    let matched = 0;
    fc.assert(
      fc.property(tables(family), fc.array(fc.tuple(packets(family), devices), { minLength: 1, maxLength: 4 }), answers, (text, tried, said) => {
        const { tables } = parseIptablesSave(text, { backend: 'iptables-nft', family, source: 'test' });
        for (const [p, dev] of tried) matched += bothWays(tables[0]!, { packet: p, ...dev }, said);
      }),
      { numRuns: RUNS },
    );
    expect(matched).toBeGreaterThan(RUNS);
  });

  const eq = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });
  const meta = (key: string) => ({ meta: { key } });
  const of = (protocol: string, field: string) => ({ payload: { protocol, field } });
  const op = some('==', '==', '!=');
  const nftMatch = fc.oneof(
    fc
      .tuple(some('saddr', 'daddr'), some<unknown>(...V4, { prefix: { addr: '10.1.0.0', len: 20 } }, { range: ['10.1.1.1', '10.1.2.1'] }), op)
      .map((w) => eq(of('ip', w[0]), w[1], w[2])),
    fc.tuple(some('saddr', 'daddr'), some<unknown>(...V6, { prefix: { addr: 'fd00::', len: 60 } }), op).map((w) => eq(of('ip6', w[0]), w[1], w[2])),
    fc
      .tuple(some('tcp', 'udp', 'th'), some('sport', 'dport'), some<unknown>(...PORTS, { range: [80, 81] }, { set: [53, 8080] }), op)
      .map((w) => eq(of(w[0], w[1]), w[2], w[3])),
    fc.tuple(some('iifname', 'oifname'), some(...NAMES, 'veth*'), op).map((w) => eq(meta(w[0]), w[1], w[2])),
    fc.tuple(some('ipv4', 'ipv6'), op).map((w) => eq(meta('nfproto'), w[0], w[1])),
    fc.tuple(some('tcp', 'udp', 'icmp'), op).map((w) => eq(meta('l4proto'), w[0], w[1])),
    some<unknown>(eq(of('ip', 'protocol'), 'tcp'), eq(of('ip6', 'nexthdr'), 'udp'), eq(of('tcp', 'dport'), 80, '<'), { limit: { rate: 1, per: 'second' } }),
  );
  const nftEnd = some<unknown>(
    { accept: null },
    { return: null },
    { jump: { target: 'a' } },
    { log: null },
    { log: null },
    { log: null },
    { log: null },
    { goto: { target: 'a' } },
    { counter: { packets: 0, bytes: 0 } },
    { mangle: { key: of('ip', 'daddr'), value: '10.1.1.2' } },
    { mangle: { key: of('tcp', 'dport'), value: 80 } },
    {
      vmap: {
        key: of('tcp', 'dport'),
        data: {
          set: [
            [80, { accept: null }],
            [81, { jump: { target: 'a' } }],
          ],
        },
      },
    },
  );
  const nftRules = (maxLength: number) =>
    fc.array(fc.tuple(fc.array(nftMatch, { minLength: 1, maxLength: 3 }), nftEnd, fc.array(nftMatch, { maxLength: 1 })), { maxLength });
  test('through random chains of nftables, both families in one table', () => {
    let matched = 0;
    const either = fc.oneof(packets(4), packets(6));
    fc.assert(
      fc.property(nftRules(40), nftRules(20), fc.array(fc.tuple(either, devices), { minLength: 1, maxLength: 4 }), answers, (first, second, tried, said) => {
        const where = { family: 'inet', table: 't' };
        const rules = (name: string, list: typeof first) =>
          list.map(([matches, end, more]) => ({ rule: { ...where, chain: name, expr: [...matches, end, ...more] } }));
        const base = { type: 'filter', hook: 'forward', prio: 0, policy: 'accept' };
        const head = [{ table: { family: 'inet', name: 't' } }, { chain: { ...where, name: 'c', ...base } }, { chain: { ...where, name: 'a' } }];
        const { tables, problems } = parseNftJson(JSON.stringify({ nftables: [...head, ...rules('c', first), ...rules('a', second)] }), { source: 'nft' });
        expect(problems).toEqual([]);
        for (const [p, dev] of tried) matched += bothWays(tables[0]!, { packet: p, ...dev }, said);
      }),
      { numRuns: RUNS },
    );
    expect(matched).toBeGreaterThan(RUNS);
  });

  test('through every example of every extension at once', () => {
    for (const family of [4, 6] as const) {
      const rules = [...MATCHES.values(), ...TARGETS.values()].flatMap((e) => e.examples).filter((e) => (e.family ?? 4) === family);
      const text = ['*filter', ':FORWARD DROP [0:0]', ...rules.map(({ rule }) => `-A FORWARD ${rule.replace(/ -j .*/, '')} -j LOG`), 'COMMIT'].join('\n');
      const [table] = parseIptablesSave(text, { backend: 'iptables-nft', family, source: 'test' }).tables;
      for (const example of rules) bothWays(table!, { packet: packet({ family, ...example.packet }), ...example.context }, [true, false, false]);
    }
  });
});

test('what an ARP packet says is not read as an address of IP', () => {
  const arp = { operation: 1, senderIp: '192.0.2.1', targetIp: '192.0.2.2', senderMac: '02:00:00:00:00:01', targetMac: '00:00:00:00:00:00' };
  const match = { match: { op: '==', left: { payload: { protocol: 'arp', field: 'operation' } }, right: 'request' } };
  const rules = Array.from({ length: 20 }, () => ({ rule: { family: 'arp', table: 't', chain: 'c', expr: [match, { counter: { packets: 0, bytes: 0 } }] } }));
  const head = [
    { table: { family: 'arp', name: 't' } },
    { chain: { family: 'arp', table: 't', name: 'c', type: 'filter', hook: 'input', prio: 0, policy: 'accept' } },
  ];
  const { tables } = parseNftJson(JSON.stringify({ nftables: [...head, ...rules] }), { source: 'nft' });
  expect(bothWays(tables[0]!, { arp }, [true])).toBe(20);
});

test('rules of ten thousand addresses are found without asking the others', () => {
  const list = Array.from({ length: 10_000 }, (_, i) => `-A FORWARD -d 10.${i >> 8}.${i & 255}.1/32 -p tcp -m tcp --dport 80 -j ACCEPT`);
  const { tables } = parseIptablesSave(['*filter', ':FORWARD DROP [0:0]', ...list, 'COMMIT'].join('\n'), {
    backend: 'iptables-nft',
    family: 4,
    source: 'test',
  });
  const index = indexRules(tables[0]!.chains.get('FORWARD')!.rules);
  expect(index.tuples.length).toBe(TUPLE_WORDS);
  expect(nextRule(index, 0, new Int32Array(PACKET_WORDS))).toBe(-1);
  let asked = 0;
  runChain({ table: tables[0]!, ipsets: new Map() }, tables[0]!.chains.get('FORWARD')!, context({ packet: packet({ dst: '10.3.9.1' }) }), (c, from, ctx) => {
    asked++;
    return byIndex(c, from, ctx);
  });
  expect(asked).toBe(1);
});

const FIXTURES = '../shared/fixtures';
(existsSync(FIXTURES) ? test : test.skip)('a walk by the index is the walk that asks every rule, through the listings of real hosts and engines', () => {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /tables(-nft|-legacy)?(-save)?\.(txt|golden)$|nft.*\.json$/.test(name),
  );
  let matched = 0;
  for (const file of files.sort()) {
    const text = readFileSync(join(FIXTURES, file), 'utf8');
    const family = /ip6/.test(basename(file)) ? 6 : 4;
    const { tables } = file.endsWith('.json')
      ? parseNftJson(text, { source: 'nft' })
      : parseIptablesSave(text, { backend: 'iptables-nft', family, source: 'test' });
    const found = (pattern: RegExp, more: readonly string[]) => [...new Set([...(text.match(pattern) ?? []), ...more])];
    const addresses = (family === 4 ? found(/\d+\.\d+\.\d+\.\d+/g, V4) : found(/\bfd[0-9a-f:]+:[0-9a-f:]*[0-9a-f]/g, V6)).filter((a) => familyOf(a) === family);
    const devices = found(/\b(?:br-?[0-9a-z]+|docker\w*|eth\d|lo)\b/g, ['eth0']);
    const ports = found(/(?<=port "?:? ?|:)\d+/g, ['80']).map(Number);
    const pick = <T>(values: readonly T[], i: number): T => values[i % values.length]!;
    for (let i = 0; i < 8; i++) {
      const p = packet({ family, src: pick(addresses, i * 7), dst: pick(addresses, i), dport: pick(ports, i * 5) & 65535 });
      const part = { packet: p, iif: pick(devices, i * 3), oif: pick(devices, i * 11 + 1) };
      for (const table of tables) matched += bothWays(table, part, [true, false, true], new Map());
    }
  }
  expect(files.length).toBeGreaterThan(600);
  expect(matched).toBeGreaterThan(5000);
});
