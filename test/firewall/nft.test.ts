import { describe, expect, test } from '@jest/globals';
import type { EvalContext } from '../../src/firewall/context.ts';
import { parseNftJson } from '../../src/firewall/nft/parse.ts';
import { runChain } from '../../src/firewall/run-chain.ts';
import { RTN, type TableFamily } from '../../src/model/firewall.ts';
import type { Packet } from '../../src/model/packet.ts';
import { context, packet } from './world.ts';

const meta = (key: string) => ({ meta: { key } });
const ip = (field: string) => ({ payload: { protocol: 'ip', field } });
const tcp = (field: string) => ({ payload: { protocol: 'tcp', field } });
const th = (field: string) => ({ payload: { protocol: 'th', field } });
const ct = (key: string) => ({ ct: { key } });
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });

const SETS: readonly Record<string, Record<string, unknown>>[] = [
  {
    set: {
      family: 'inet',
      table: 't',
      name: 'lan',
      type: 'ipv4_addr',
      flags: ['interval'],
      elem: [{ prefix: { addr: '192.0.2.0', len: 25 } }, { range: ['198.51.100.1', '198.51.100.9'] }],
    },
  },
  {
    set: {
      family: 'inet',
      table: 't',
      name: 'pairs',
      type: ['ipv4_addr', 'inet_service'],
      elem: [{ concat: [{ prefix: { addr: '192.0.2.0', len: 24 } }, { range: [80, 90] }] }],
    },
  },
  {
    set: {
      family: 'inet',
      table: 't',
      name: 'timed',
      type: 'ipv4_addr',
      flags: ['timeout'],
      elem: [{ elem: { val: '192.0.2.1', timeout: 300, expires: 299, comment: 'x' } }],
    },
  },
  { set: { family: 'inet', table: 't', name: 'odd', type: 'novel', elem: ['what'] } },
  {
    map: {
      family: 'inet',
      table: 't',
      name: 'verdicts',
      type: ['ipv4_addr', 'inet_proto', 'inet_service'],
      map: 'verdict',
      elem: [[{ concat: ['192.0.2.2', 'tcp', 80] }, { goto: { target: 'dropper' } }]],
    },
  },
  {
    map: {
      family: 'inet',
      table: 't',
      name: 'rest',
      type: 'inet_service',
      map: 'verdict',
      elem: [
        ['*', { drop: null }],
        [80, { accept: null }],
      ],
    },
  },
  {
    map: {
      family: 'inet',
      table: 't',
      name: 'backends',
      type: 'inet_service',
      map: 'ipv4_addr . inet_service',
      elem: [[80, { concat: ['172.17.0.2', 8080] }]],
    },
  },
  { map: { family: 'inet', table: 't', name: 'marks', type: 'inet_service', map: 'mark', elem: [[80, 7]] } },
];

function ruleset(rules: readonly (readonly unknown[])[], family: TableFamily = 'inet') {
  const of = (item: Record<string, Record<string, unknown>>) => Object.fromEntries(Object.entries(item).map(([k, v]) => [k, { ...v, family }]));
  return JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family, name: 't', handle: 1 } },
      ...SETS.map(of),
      { chain: { family, table: 't', name: 'forward', handle: 1, type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
      { chain: { family, table: 't', name: 'dropper', handle: 2 } },
      { rule: { family, table: 't', chain: 'dropper', handle: 3, expr: [{ counter: { packets: 0, bytes: 0 } }, { drop: null }] } },
      ...rules.map((expr, i) => ({ rule: { family, table: 't', chain: 'forward', handle: 10 + i, expr } })),
    ],
  });
}

function run(rules: readonly (readonly unknown[])[], of: Partial<Packet> = {}, part: Partial<EvalContext> = {}, family: TableFamily = 'inet') {
  const { tables, problems } = parseNftJson(ruleset(rules, family), { source: 'nft' });
  expect(problems).toEqual([]);
  const table = tables[0]!;
  const ctx = context({ packet: packet(of), ...part });
  return { ...runChain({ table, ipsets: new Map() }, table.chains.get('forward')!, ctx), ctx, table };
}

type Row = readonly [string, unknown, Partial<Packet>, Partial<EvalContext>, boolean];
const V6 = { family: 6 } as const;
const UDP = { protocol: 'udp' } as const;
const ICMP = { protocol: 'icmp', icmp: { type: 8, code: 0 } } as const;
const UNTRACKED = { notrack: true };

describe('a match', () => {
  test.each<Row>([
    ['interface name', match(meta('iifname'), 'eth0'), {}, {}, true],
    ['beginning of a name', match(meta('iifname'), 'eth*'), {}, {}, true],
    ['not a name', match(meta('oifname'), 'eth1', '!='), {}, {}, false],
    ['no interface has an empty name', match(meta('iifname'), 'eth0', '!='), {}, { iif: null }, true],
    ['interface by index', match(meta('iif'), 'eth0'), {}, {}, true],
    ['index of an interface that is gone', match(meta('iif'), '99'), {}, {}, false],
    ['group', match(meta('iifgroup'), 'default'), {}, {}, true],
    ['kind', match(meta('oifkind'), 'veth'), {}, {}, true],
    ['IPv4 address of an IPv6 packet, even negated', match(ip('saddr'), '192.0.2.9', '!='), V6, {}, false],
    ['prefix', match(ip('saddr'), { prefix: { addr: '192.0.2.0', len: 24 } }), {}, {}, true],
    ['range', match(ip('daddr'), { range: ['192.0.2.2', '192.0.2.9'] }), {}, {}, true],
    ['mask with holes', match({ '&': [ip('saddr'), '0.0.0.255'] }, '0.0.0.1'), {}, {}, true],
    ['named interval set', match(ip('saddr'), '@lan'), {}, {}, true],
    ['outside of a named set', match(ip('saddr'), '@lan', '!='), { src: '192.0.2.200' }, {}, true],
    ['element that expires', match(ip('saddr'), '@timed'), {}, {}, true],
    ['concatenated intervals', match({ concat: [ip('saddr'), tcp('dport')] }, '@pairs'), {}, {}, true],
    ['concatenation of a field the packet lacks', match({ concat: [ip('saddr'), tcp('dport')] }, '@pairs', '!='), UDP, {}, false],
    ['concatenation with one element', match({ concat: [meta('iifname'), meta('oifname')] }, { concat: ['eth0', 'eth1'] }), {}, {}, true],
    ['anonymous set', match(meta('l4proto'), { set: ['tcp', 'udp'] }), UDP, {}, true],
    ['anonymous set of ranges', match(tcp('dport'), { set: [22, { range: [80, 90] }] }), {}, {}, true],
    ['port of another protocol, negated', match(tcp('dport'), 22, '!='), UDP, {}, false],
    ['th port', match(th('dport'), 80), UDP, {}, true],
    ['the checksum of an ICMP message, read as a port, is none of a few', match(th('dport'), { set: [53, 80, { range: [8000, 8010] }] }), ICMP, {}, false],
    ['and not among them', match(th('dport'), 53, '!='), ICMP, {}, true],
    ['less than', match(ip('ttl'), 64, '<'), {}, {}, false],
    ['less than 0', match(ip('ttl'), 0, '<'), {}, {}, false],
    ['greater or equal', match(ip('ttl'), 64, '>='), {}, {}, true],
    ['ct state in', match(ct('state'), ['established', 'new'], 'in'), {}, {}, true],
    ['ct state of a set', match(ct('state'), { set: ['established', 'related'] }), {}, {}, false],
    ['ct state not', match(ct('state'), 'invalid', '!='), {}, {}, true],
    ['ct state without', match(ct('state'), ['new', 'related'], '!'), {}, {}, false],
    ['ct state before conntrack', match(ct('state'), 'invalid', 'in'), {}, { conntrack: null }, true],
    ['untracked', match(ct('state'), 'untracked', 'in'), {}, UNTRACKED, true],
    ['ct status of no connection, even negated', match(ct('status'), 'dnat', '!='), {}, UNTRACKED, false],
    ['ct direction', match(ct('direction'), 'original'), {}, {}, true],
    ['ct mark with mask', match({ '&': [ct('mark'), 255] }, 1), {}, { ctMark: 0x101 }, true],
    ['ct original destination port', match({ ct: { key: 'proto-dst', dir: 'original' } }, 8080), {}, {}, true],
    ['ct original IPv4 address', match({ ct: { key: 'ip daddr', dir: 'original' } }, '192.0.2.2'), {}, {}, true],
    ['ct original IPv4 address of an IPv6 connection', match({ ct: { key: 'ip daddr', dir: 'original' } }, '192.0.2.2', '!='), V6, {}, false],
    ['flags: any of', match(tcp('flags'), ['syn', 'rst'], 'in'), {}, {}, true],
    ['flags: exactly', match(tcp('flags'), 'syn'), { tcpFlags: 18 }, {}, false],
    ['flags under a mask', match({ '&': [tcp('flags'), ['fin', 'syn', 'rst', 'ack']] }, 'syn'), {}, {}, true],
    ['flags: none of', match(tcp('flags'), ['syn', 'rst'], '!'), { tcpFlags: 16 }, {}, true],
    ['fib type', match({ fib: { result: 'type', flags: ['daddr'] } }, 'local'), {}, { fib: () => RTN.local }, true],
    ['fib oif missing', match({ fib: { result: 'oif', flags: ['saddr', 'iif'] } }, false), {}, { fib: () => '' }, true],
    ['fib oif exists', match({ fib: { result: 'oif', flags: ['saddr', 'iif'] } }, true), {}, { fib: () => 'eth0' }, true],
    ['fib oif by name', match({ fib: { result: 'oif', flags: ['saddr'] } }, 'eth0'), {}, { fib: () => 'eth0' }, true],
    ['fib check of newer versions', match({ fib: { result: 'check', flags: ['saddr', 'iif'] } }, true), {}, { fib: () => '' }, false],
    ['mark with mask', match({ '&': [meta('mark'), 0xff] }, 1), { mark: 0x301 }, {}, true],
    ['mark equals connection mark', match(meta('mark'), ct('mark')), { mark: 5 }, { ctMark: 5 }, true],
    ['packet type', match(meta('pkttype'), 'host'), {}, {}, true],
    ['dscp name', match(ip('dscp'), 'ef'), { dscp: 46 }, {}, true],
    ['protocol of the header', match(ip('protocol'), 'icmp'), { protocol: 'icmp' }, {}, true],
    ['icmp type', match({ payload: { protocol: 'icmp', field: 'type' } }, 'echo-request'), { protocol: 'icmp', icmp: { type: 8, code: 0 } }, {}, true],
    [
      'icmpv6 type of ICMP',
      match({ payload: { protocol: 'icmpv6', field: 'type' } }, 'echo-request'),
      { protocol: 'icmp', icmp: { type: 128, code: 0 } },
      {},
      false,
    ],
    ['ethernet source', match({ payload: { protocol: 'ether', field: 'saddr' } }, '02:00:00:00:00:01'), {}, {}, true],
    [
      'ethernet source of a local packet, negated',
      match({ payload: { protocol: 'ether', field: 'saddr' } }, '02:00:00:00:00:01', '!='),
      {},
      { etherSrc: null },
      false,
    ],
    ['uid', match(meta('skuid'), 1000), {}, { owner: { uid: 1000, gid: 1 } }, true],
    ['uid of a packet without a socket, even negated', match(meta('skuid'), 1000, '!='), {}, {}, false],
    ['raw bits of the transport header', match({ payload: { base: 'th', offset: 16, len: 16 } }, 80), {}, {}, true],
    ['raw bits of the network header', match({ payload: { base: 'nh', offset: 128, len: 32 } }, 0xc0000202), {}, {}, true],
    ['fragments', match({ '&': [ip('frag-off'), 0x1fff] }, 0, '!='), {}, {}, false],
    ['a routing header that is not there', match({ exthdr: { name: 'rt' } }, true), V6, {}, false],
    ['a routing header that must not be there', match({ exthdr: { name: 'rt' } }, false), V6, {}, true],
    ['IPsec', match(meta('ipsec'), true), {}, {}, false],
    ['ARP operation of an IP packet', match({ payload: { protocol: 'arp', field: 'operation' } }, 'request'), {}, {}, false],
    [
      'ARP sender',
      match({ payload: { protocol: 'arp', field: 'saddr ip' } }, '192.0.2.7'),
      {},
      { arp: { operation: 1, senderIp: '192.0.2.7', targetIp: '192.0.2.8', senderMac: '02:00:00:00:00:07', targetMac: '00:00:00:00:00:00' } },
      true,
    ],
  ])('%s', (_fact, statement, of, part, expected) => {
    expect(run([[statement, { drop: null }]], of, part).outcome.kind).toBe(expected ? 'drop' : 'accept');
  });

  test.each([
    ['tcp option', match({ 'tcp option': { name: 'maxseg', field: 'size' } }, { range: [1, 500] })],
    ['limit', { limit: { rate: 10, per: 'second', inv: true } }],
    ['ct count', { 'ct count': { val: 10, inv: true } }],
    ['numgen', match({ numgen: { mode: 'inc', mod: 10, offset: 0 } }, 5, '<')],
    ['a hash', match({ jhash: { mod: 2, expr: ip('saddr') } }, 0)],
    ['time of day', match(meta('hour'), { range: ['10:00', '12:00'] })],
    ['an element nobody knows', match(ip('saddr'), '@odd')],
    ['a set that is not listed', match(ip('saddr'), '@gone')],
    ['an opaque x_tables match', { xt: { type: 'match', name: 'policy' } }],
    ['a set update with a limit', { set: { op: 'update', elem: ip('saddr'), set: '@timed', stmt: [{ limit: { rate: 3, per: 'second' } }] } }],
    ['something of the future', { match: { op: '==', left: { quantum: { key: 'spin' } }, right: 1 } }],
  ])('%s is asked about', (_fact, statement) => {
    const asked: string[] = [];
    const choose: EvalContext['choose'] = ({ text }) => {
      asked.push(text);
      return true;
    };
    expect(run([[statement, { drop: null }]], {}, { choose }).outcome.kind).toBe('drop');
    expect(asked).toHaveLength(1);
  });

  test('the checksum of an ICMP message among half of all values is asked about', () => {
    const rules = [[match(th('dport'), 32768, '<'), { drop: null }]];
    expect(run(rules, ICMP, { choose: () => true }).outcome.kind).toBe('drop');
    expect(run(rules, ICMP, { choose: () => false }).outcome.kind).toBe('accept');
  });

  test('bounded chance is not asked where it cannot matter', () => {
    expect(run([[match({ numgen: { mode: 'random', mod: 4, offset: 0 } }, 4, '<'), { drop: null }]]).outcome.kind).toBe('drop');
    expect(run([[match({ numgen: { mode: 'random', mod: 4, offset: 0 } }, 9), { drop: null }]]).outcome.kind).toBe('accept');
  });
});

describe('a verdict map', () => {
  const key = { concat: [ip('daddr'), meta('l4proto'), th('dport')] };
  test('follows its goto', () =>
    expect(run([[{ vmap: { key, data: '@verdicts' } }], [{ accept: null }]]).outcome).toMatchObject({ kind: 'drop', chain: { name: 'dropper' } }));
  test('without the key goes on', () =>
    expect(run([[{ vmap: { key, data: '@verdicts' } }]], { dport: 81 }).outcome).toMatchObject({ kind: 'accept', rule: null }));
  test('takes the element that names the key before the one for all others', () => {
    const rules = [[{ vmap: { key: tcp('dport'), data: '@rest' } }]];
    expect([run(rules).outcome.kind, run(rules, { dport: 81 }).outcome.kind]).toEqual(['accept', 'drop']);
  });
  test('of random numbers asks for all but the last', () => {
    const vmap = {
      vmap: {
        key: { numgen: { mode: 'random', mod: 3, offset: 0 } },
        data: {
          set: [
            [0, { accept: null }],
            [1, { return: null }],
            [2, { drop: null }],
          ],
        },
      },
    };
    const asked: string[] = [];
    const { outcome } = run(
      [[vmap]],
      {},
      {
        choose: ({ why }) => {
          asked.push(why);
          return false;
        },
      },
    );
    expect([outcome.kind, asked]).toEqual(['drop', ['chance', 'chance']]);
  });
  test('whose element says continue asks the rest of the rule', () => {
    const vmap = { vmap: { key: tcp('dport'), data: { set: [[80, { continue: null }]] } } };
    expect(run([[vmap, { drop: null }]]).outcome.kind).toBe('drop');
  });
});

describe('a rule', () => {
  test('returns from the base chain to its policy', () => expect(run([[{ return: null }], [{ drop: null }]]).outcome.kind).toBe('accept'));
  test('ends where a mark is read that no connection has', () =>
    expect(run([[{ mangle: { key: meta('mark'), value: ct('mark') } }, { drop: null }]], {}, UNTRACKED).outcome.kind).toBe('accept'));
  test('goes on where a mark is written that no connection has', () =>
    expect(run([[{ mangle: { key: ct('mark'), value: 5 } }, { drop: null }]], {}, UNTRACKED).outcome.kind).toBe('drop'));
  test('writes marks, also from maps', () => {
    const { ctx, matched } = run([
      [
        { mangle: { key: meta('mark'), value: { map: { key: tcp('dport'), data: '@marks' } } } },
        { mangle: { key: ct('mark'), value: { '|': [meta('mark'), 16] } } },
      ],
    ]);
    expect([ctx.packet.mark, ctx.ctMark, matched[0]!.effect]).toEqual([7, 23, 'mark 0x7, ct mark 0x17']);
  });
  test('writes TTL and DSCP', () => {
    const { ctx } = run([[{ mangle: { key: ip('ttl'), value: 5 } }, { mangle: { key: ip('dscp'), value: 'cs1' } }]]);
    expect([ctx.packet.ttl, ctx.packet.dscp]).toEqual([5, 8]);
  });
  test('that rejects one family leaves the other alone', () => {
    const rules = [[{ reject: { type: 'icmp', expr: 'host-unreachable' } }]];
    expect(run(rules).outcome).toMatchObject({ kind: 'reject', with: { kind: 'icmp', type: 3, code: 1 } });
    expect(run(rules, V6).outcome.kind).toBe('accept');
  });
  test.each([
    [{ reject: { type: 'tcp reset' } }, { kind: 'tcp-reset' }],
    [{ reject: { type: 'icmpx', expr: 'admin-prohibited' } }, { kind: 'icmpx', code: 'admin-prohibited' }],
    [{ reject: null }, { kind: 'icmpx', code: 'port-unreachable' }],
  ])('rejects: %j', (statement, answer) => expect(run([[statement]]).outcome).toMatchObject({ kind: 'reject', with: answer }));
  test('with a target of x_tables that is printed without its options may do anything', () => {
    const choices: string[] = [];
    const { outcome } = run([[{ xt: { type: 'target', name: 'DNAT' } }]], {}, { choose: ({ key }) => choices.push(key) > 0 });
    expect([outcome.kind, choices.length]).toEqual(['drop', 2]);
  });
});

describe('a translation', () => {
  const dnat = (body: unknown) => [match(tcp('dport'), 80), { dnat: body }];
  test.each([
    ['to an address', dnat({ family: 'ip', addr: '172.17.0.2' }), 'dnat to 172.17.0.2'],
    ['to an address and port', dnat({ addr: '172.17.0.2', port: 8080 }), 'dnat to 172.17.0.2:8080'],
    ['to a port', dnat({ port: 8080 }), 'dnat to :8080'],
    ['to ranges', dnat({ addr: { range: ['172.17.0.2', '172.17.0.9'] }, port: { range: [80, 90] } }), 'dnat to 172.17.0.2-172.17.0.9:80-90'],
    ['by a named map of address and port', dnat({ family: 'ip', addr: { map: { key: tcp('dport'), data: '@backends' } } }), 'dnat to 172.17.0.2:8080'],
    [
      'by a map written out',
      dnat({ family: 'ip', addr: { map: { key: tcp('dport'), data: { set: [[80, { concat: ['172.17.0.3', 81] }]] } } } }),
      'dnat to 172.17.0.3:81',
    ],
    ['by port map', dnat({ addr: '172.17.0.2', port: { map: { key: tcp('dport'), data: { set: [[80, 8081]] } } } }), 'dnat to 172.17.0.2:8081'],
    [
      'of a whole network',
      [
        {
          snat: {
            family: 'ip',
            addr: { map: { key: ip('saddr'), data: { set: [[{ prefix: { addr: '192.0.2.0', len: 24 } }, { prefix: { addr: '198.51.100.0', len: 24 } }]] } } },
            flags: 'netmap',
            type_flags: 'prefix',
          },
        },
      ],
      'netmap to 198.51.100.1',
    ],
    ['by redirect', [{ redirect: { port: 8080 } }], 'redirect to :8080'],
    ['by masquerade', [{ masquerade: { flags: ['random', 'persistent'] } }], 'masquerade'],
  ])('%s', (_fact, rule, effect) => expect(run([rule]).matched[0]!.effect).toBe(effect));
  test('of the other family does nothing', () => expect(run([[{ dnat: { family: 'ip6', addr: 'fd00::9' } }, { drop: null }]]).outcome.kind).toBe('drop'));
  test('without the key in its map does not match', () =>
    expect(run([[{ dnat: { family: 'ip', addr: { map: { key: tcp('dport'), data: '@backends' } } } }]], { dport: 81 }).matched).toEqual([]));
  test('to one of several backends is a matter of chance', () => {
    const addr = {
      map: {
        key: { numgen: { mode: 'random', mod: 2, offset: 0 } },
        data: {
          set: [
            [0, '172.17.0.2'],
            [1, '172.17.0.3'],
          ],
        },
      },
    };
    const to = (first: boolean) => run([[{ dnat: { addr } }]], {}, { choose: () => first }).matched[0]!.effect;
    expect([to(true), to(false)]).toEqual(['dnat to 172.17.0.2', 'dnat to 172.17.0.3']);
  });
});

describe('a listing', () => {
  test('gives rules text, counters, comment, handle and place', () => {
    const json = JSON.stringify({
      nftables: [
        { table: { family: 'ip', name: 't', handle: 1, flags: 'dorm' } },
        { chain: { family: 'ip', table: 't', name: 'c', handle: 1, type: 'nat', hook: 'postrouting', prio: 105, policy: 'accept' } },
        {
          rule: {
            family: 'ip',
            table: 't',
            chain: 'c',
            handle: 7,
            comment: 'my rule',
            expr: [match(ip('saddr'), { prefix: { addr: '172.17.0.0', len: 16 } }), { counter: { packets: 3, bytes: 180 } }, { masquerade: null }],
          },
        },
      ],
    });
    const { tables } = parseNftJson(json, { source: 'nft' });
    expect(tables[0]!.dormant).toBe(true);
    expect(tables[0]!.chains.get('c')!.base).toMatchObject({ type: 'nat', hook: 'postrouting', priority: 105 });
    expect(tables[0]!.chains.get('c')!.rules[0]).toMatchObject({
      position: 1,
      handle: 7,
      text: 'ip saddr 172.17.0.0/16 counter masquerade comment "my rule"',
      comment: 'my rule',
      counters: { packets: 3, bytes: 180 },
      source: { source: 'nft', locator: '/nftables/2/rule' },
    });
  });
  test('leaves out tables that another listing prints better', () => {
    const { tables, problems } = parseNftJson(ruleset([[{ drop: null }]]), { source: 'nft', skip: (family, name) => family === 'inet' && name === 't' });
    expect([tables, problems]).toEqual([[], []]);
  });
  test.each([
    ['no JSON', 'nonsense', ''],
    ['another document', '{"a": 1}', ''],
    [
      'a rule without a chain',
      '{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"rule": {"family": "ip", "table": "t", "chain": "gone", "expr": []}}]}',
      '/nftables/1',
    ],
    ['an object of the future', '{"nftables": [{"quantum": {}}]}', '/nftables/0'],
    [
      'a chain at a hook of the future',
      '{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"chain": {"family": "ip", "table": "t", "name": "c", "hook": "nowhere"}}]}',
      '/nftables/1',
    ],
  ])('with %s says so', (_fact, text, pointer) => expect(parseNftJson(text, { source: 'nft' }).problems).toMatchObject([{ pointer }]));
});

describe('the devices of a chain', () => {
  const chains = ['c', 'd'].map((name) => ({ chain: { family: 'netdev', table: 't', name, type: 'filter', hook: 'ingress', prio: 0, policy: 'accept' } }));
  const json = JSON.stringify({ nftables: [{ table: { family: 'netdev', name: 't' } }, ...chains] });
  const c = '\tchain c {\n\t\ttype filter hook ingress device "eth0" priority filter; policy accept;\n\t}\n';
  const d = '\tchain d {\n\t\ttype filter hook ingress devices = { "eth0", "eth1" } priority filter + 5; policy drop;\n\t}\n';
  const devices = (text: string) => {
    const { tables, problems } = parseNftJson(text, { source: 'nft' });
    expect(problems).toEqual([]);
    return [...tables[0]!.chains.values()].map((chain) => chain.base?.devices);
  };
  test.each([
    ['are told by the text where the JSON of older programs leaves them out', `${json}\n\ntable netdev t {\n${c}${d}}\n`, [['eth0'], ['eth0', 'eth1']]],
    ['are those of the chain of that family and table alone', `${json}\ntable inet t {\n${c}}\ntable netdev u {\n${d}}\n`, [[], []]],
    ['are not known where the text is cut off', `${json}\ntable netdev t {\n${(c + d).slice(0, -60)}`, [['eth0'], []]],
    ['are not known without the text', json, [[], []]],
    ['are those of the JSON where that has them', json.replace('"hook"', '"dev":"lo","hook"'), [['lo'], []]],
  ])('%s', (_fact, text, expected) => {
    expect(devices(text)).toEqual(expected);
  });
});
