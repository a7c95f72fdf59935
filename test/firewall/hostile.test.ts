import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseIpsetSave } from '../../src/firewall/ipset/parse.ts';
import { parseIptablesSave } from '../../src/firewall/iptables/parse.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import { MATCHES, TARGETS } from '../../src/firewall/registry.ts';
import { runChain } from '../../src/firewall/run-chain.ts';
import type { NamedSet, Table } from '../../src/model/firewall.ts';
import { context, packet } from './world.ts';

const RULES = [...MATCHES.values(), ...TARGETS.values()].flatMap((extension) => extension.examples.map((example) => `-A FORWARD ${example.rule}`));
const DUMP = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD DROP [12:720]', ':A - [0:0]', ...RULES, '-A A -g A', 'COMMIT', ''].join('\n');
const IPSETS =
  'create a hash:ip,port family inet timeout 5\nadd a 192.0.2.1,tcp:80 nomatch timeout 3\ncreate l list:set size 8\nadd l a\ncreate n hash:net,iface family inet6\nadd n fd00::/8,eth0 wildcard\n';
const NFT = {
  nftables: [
    { table: { family: 'inet', name: 't', handle: 1 } },
    {
      set: {
        family: 'inet',
        table: 't',
        name: 's',
        type: ['ipv4_addr', 'inet_service'],
        flags: ['interval'],
        elem: [{ concat: [{ prefix: { addr: '10.0.0.0', len: 8 } }, { range: [80, 90] }] }],
      },
    },
    { map: { family: 'inet', table: 't', name: 'm', type: 'inet_service', map: 'verdict', elem: [[80, { jump: { target: 'c' } }]] } },
    { chain: { family: 'inet', table: 't', name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
    {
      rule: {
        family: 'inet',
        table: 't',
        chain: 'c',
        handle: 2,
        expr: [
          { match: { op: '==', left: { '&': [{ meta: { key: 'mark' } }, 255] }, right: { range: [1, 5] } } },
          { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['new', 'related'] } },
          {
            match: {
              op: '!=',
              left: { concat: [{ payload: { protocol: 'ip', field: 'saddr' } }, { payload: { protocol: 'tcp', field: 'dport' } }] },
              right: '@s',
            },
          },
          { vmap: { key: { numgen: { mode: 'random', mod: 2, offset: 0 } }, data: { set: [[0, { accept: null }]] } } },
          { mangle: { key: { meta: { key: 'mark' } }, value: { map: { key: { fib: { result: 'type', flags: ['daddr'] } }, data: { set: [['local', 5]] } } } } },
          { dnat: { family: 'ip', addr: '10.0.0.1', port: { range: [80, 90] }, flags: ['random'] } },
          { reject: { type: 'icmpx', expr: 'port-unreachable' } },
        ],
      },
    },
  ],
};

/** Walks every base chain with both answers to all questions. */
function walkAll(tables: readonly Table[], ipsets: ReadonlyMap<string, NamedSet>) {
  for (const table of tables)
    for (const chain of table.chains.values()) for (const answer of [true, false]) runChain({ table, ipsets }, chain, context({ choose: () => answer }));
}

const iptables = (text: string) => parseIptablesSave(text, { backend: 'iptables-nft', family: 4, source: 'test' });

describe('a damaged listing never throws', () => {
  /** A piece cut out and some characters put in. */
  const damage = (text: string) =>
    fc
      .tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 12, unit: 'binary' }))
      .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));

  test('of iptables', () => {
    fc.assert(
      fc.property(damage(DUMP), (text) => walkAll(iptables(text).tables, new Map())),
      { numRuns: 150 },
    );
  });
  test('of iptables, word by word', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(RULES.flatMap((rule) => rule.split(' '))), (words) =>
        walkAll(iptables(`*filter\n:FORWARD DROP [0:0]\n-A FORWARD ${words.slice(0, 30).join(' ')}\nCOMMIT\n`).tables, new Map()),
      ),
      { numRuns: 200 },
    );
  });
  test('of ipset', () => {
    fc.assert(fc.property(damage(IPSETS), (text) => parseIpsetSave(text).sets.size >= 0));
  });
  test('of nft, as text', () => {
    fc.assert(fc.property(damage(JSON.stringify(NFT)), (text) => walkAll(parseNftJson(text, { source: 'nft' }).tables, new Map())));
  });
  test('of nft, as values put in anywhere', () => {
    const places: string[][] = [];
    const visit = (value: unknown, path: string[]) => {
      if (path.length > 0) places.push(path);
      if (typeof value === 'object' && value !== null) for (const [k, v] of Object.entries(value)) visit(v, [...path, k]);
    };
    visit(NFT, []);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (path, put) => {
        const copy = structuredClone(NFT) as unknown as Record<string, unknown>;
        let at = copy;
        for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
        at[path.at(-1)!] = put;
        walkAll(parseNftJson(JSON.stringify(copy), { source: 'nft' }).tables, new Map());
      }),
      { numRuns: 400 },
    );
  });
});

describe('words that are names of JavaScript', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is no protocol, state, flag, chain or extension', (word) => {
    const { tables } = iptables(
      `*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p ${word} -m ${word} -j ${word}\n-A FORWARD -m conntrack --ctstate ${word}\n-A FORWARD -p tcp -m tcp --tcp-flags ${word} SYN\n-A FORWARD -m tcp --dport 1 ${word}\nCOMMIT\n`,
    );
    for (const rule of tables[0]!.chains.get('FORWARD')!.rules) expect(rule.statements.some((s) => s.kind === 'unknown')).toBe(true);
    walkAll(parseNftJson(JSON.stringify(NFT).replaceAll('"mark"', `"${word}"`).replaceAll('"new"', `"${word}"`), { source: 'nft' }).tables, new Map());
  });
});

test.each([10, 5000])('nesting %i deep without sense is no rule, and said so', (depth) => {
  const deep = `${'{"|":['.repeat(depth * 10)}1,2${']}'.repeat(depth * 10)}`;
  const { tables, problems } = parseNftJson(JSON.stringify(NFT).replace('{"meta":{"key":"mark"}}', deep), { source: 'nft' });
  expect(tables[0]!.chains.get('c')!.rules).toEqual([]);
  expect(problems).toEqual([{ pointer: '/nftables/4', text: 'rule', reason: 'is nested too deep' }]);
});

test('a hundred thousand rules are read and walked in a moment', () => {
  const rules = Array.from(
    { length: 100_000 },
    (_, i) => `-A FORWARD -d 172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}/32 ! -i br-1 -o br-1 -p tcp -m tcp --dport ${1 + (i & 65535)} -j ACCEPT`,
  );
  const began = process.cpuUsage().user;
  const { tables, problems } = iptables(`*filter\n:FORWARD DROP [0:0]\n${rules.join('\n')}\nCOMMIT\n`);
  const { outcome } = runChain({ table: tables[0]!, ipsets: new Map() }, tables[0]!.chains.get('FORWARD')!, context());
  expect([outcome.kind, problems]).toEqual(['drop', []]);
  // CPU time in microseconds; several times the measured cost would still pass, asking each rule of each other would not
  expect(process.cpuUsage().user - began).toBeLessThan(10_000_000);
});

test('a hundred thousand gotos that go round and round end', () => {
  const names = Array.from({ length: 500 }, (_, i) => `C${i}`);
  const rules = names.flatMap((name, i) => Array.from({ length: 200 }, () => `-A ${name} -g C${(i + 1) % 500}`));
  const { tables } = iptables(
    ['*filter', ':FORWARD DROP [0:0]', ...names.map((name) => `:${name} - [0:0]`), '-A FORWARD -g C0', ...rules, 'COMMIT'].join('\n'),
  );
  const { outcome } = runChain({ table: tables[0]!, ipsets: new Map() }, tables[0]!.chains.get('FORWARD')!, context({ choose: () => false }));
  expect(outcome.kind).toBe('drop');
});

describe('IPv4 written as IPv6', () => {
  const asked = (family: 4 | 6, rule: string, src: string): string => {
    const { tables, problems } = parseIptablesSave(`*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD ${rule} -j DROP\nCOMMIT\n`, {
      backend: 'iptables-nft',
      family,
      source: 't',
    });
    expect(problems).toEqual([]);
    let unknown = false;
    const choose = () => {
      unknown = true;
      return true;
    };
    const { outcome } = runChain(
      { table: tables[0]!, ipsets: new Map() },
      tables[0]!.chains.get('FORWARD')!,
      context({ packet: packet({ family, src }), choose }),
    );
    return unknown ? 'unknown' : outcome.kind;
  };
  test.each([
    ['a mapped address is an address of IPv6', 6, '-s ::ffff:192.0.2.1/128', '::ffff:c000:201', 'drop'],
    ['and no other one', 6, '-s ::ffff:192.0.2.1/128', '::ffff:c000:202', 'accept'],
    ['the mapped prefix holds it', 6, '-s ::ffff:0:0/96', '::ffff:c000:201', 'drop'],
    ['an IPv4 address in a rule of IPv6 is not understood', 6, '-s 192.0.2.1/32', '::ffff:c000:201', 'unknown'],
    ['a mapped address in a rule of IPv4 is not understood', 4, '-s ::ffff:192.0.2.1/128', '192.0.2.1', 'unknown'],
    ['nor a prefix that is longer than an address', 4, '-s 192.0.2.1/33', '192.0.2.1', 'unknown'],
    ['nor one with too many parts', 4, '-s 192.0.2.1.5/32', '192.0.2.1', 'unknown'],
  ] as const)('%s', (_fact, family, rule, src, expected) => {
    expect(asked(family, rule, src)).toBe(expected);
  });
});

test.each(['toString', 'valueOf'])('a value that calls itself %s is no rule, and said so', (key) => {
  const { tables, problems } = parseNftJson(JSON.stringify(NFT).replace('{"meta":{"key":"mark"}}', `{"meta":{"key":{"${key}":null}}}`), { source: 'nft' });
  expect(tables[0]!.chains.get('c')!.rules).toEqual([]);
  expect(problems).toEqual([{ pointer: '/nftables/4', text: 'rule', reason: 'has keys that nft does not use' }]);
});
