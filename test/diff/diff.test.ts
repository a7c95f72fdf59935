import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffModels } from '../../src/diff/index.ts';
import type { Diff } from '../../src/model/change.ts';
import type { Fact } from '../../src/model/facts.ts';
import type { Model } from '../../src/model/model.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { corpusFacts, corpusScenarios } from '../support/corpus.ts';
import { type ContainerSketch, estate, fact, failedFact, type HostSketch, hostFacts, id, type NetnsSketch, network, networkId } from '../support/estate.ts';

const bridgeOf = (name: string) => `br-${networkId(name).slice(0, 12)}`;
const rules = (...lines: string[]) => `*filter\n:FORWARD ACCEPT [1:2]\n:DOCKER - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;
const nat = (...lines: string[]) => `*nat\n:PREROUTING ACCEPT [1:2]\n:DOCKER - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;

const web: ContainerSketch = {
  id: id('aaaa'),
  name: 'web',
  endpoints: [{ network: 'appnet', ipv4: '172.18.0.2' }],
  asked: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
  given: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
};
const own: NetnsSketch = {
  inode: '1',
  kind: 'host',
  links: [
    { name: 'eth0', index: 2, addresses: ['10.77.0.11/24'] },
    { name: bridgeOf('appnet'), index: 3, kind: 'bridge', addresses: ['172.18.0.1/16'] },
    { name: 'vethaaaaaaa', index: 9, kind: 'veth', peer: 8, nsid: 0, master: bridgeOf('appnet') },
  ],
  routes: [
    { dst: 'default', gateway: '10.77.0.254', dev: 'eth0' },
    { dst: '172.18.0.0/16', dev: bridgeOf('appnet'), protocol: 'kernel', scope: 'link', prefsrc: '172.18.0.1' },
  ],
  listeners: 'tcp LISTEN 0 5 0.0.0.0:22 0.0.0.0:*\n',
  sysctls: `net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.forwarding = 1\nnet.ipv4.conf.default.forwarding = 1\nnet.ipv4.conf.eth0.forwarding = 1\nnet.netfilter.nf_conntrack_count = 5\nnet.ipv4.conf.default.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 0\nnet.ipv4.conf.vethaaaaaaa.rp_filter = 2\n`,
  iptables: rules(`-A FORWARD -o ${bridgeOf('appnet')} -j DOCKER`, `-A FORWARD -i ${bridgeOf('appnet')} -j ACCEPT`, '-A FORWARD -j DROP'),
};
const inside: NetnsSketch = {
  inode: '2',
  containers: [id('aaaa')],
  links: [{ name: 'eth0', index: 8, kind: 'veth', peer: 9, nsid: 0, addresses: ['172.18.0.2/16'] }],
  routes: [{ dst: 'default', gateway: '172.18.0.1', dev: 'eth0' }],
  listeners: 'tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:*\ntcp LISTEN 0 5 127.0.0.11:40123 0.0.0.0:*\nudp UNCONN 0 0 127.0.0.11:41234 0.0.0.0:*\n',
  iptables: nat(
    '-A DOCKER -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:40123',
    '-A DOCKER -s 127.0.0.11/32 -p udp -m udp --sport 41234 -j SNAT --to-source :53',
  ),
};
const base: HostSketch = { name: 'h1', networks: [network('appnet')], containers: [web], namespaces: [own, inside] };

function model(...hosts: HostSketch[]): Model {
  return buildModel(estate(...hosts));
}

function lines(diff: Diff): string[] {
  return diff.changes.map(
    (c) => `${c.kind} ${c.action} ${c.key}${c.action === 'changed' ? `: ${c.fields.map((f) => `${f.field} ${f.before} → ${f.after}`).join(', ')}` : ''}`,
  );
}

function changed(after: HostSketch): string[] {
  return lines(diffModels(model(base), model(after)));
}

describe('nothing happened', () => {
  test('a model beside itself', () => {
    expect(diffModels(model(base), model(base))).toEqual({ summary: 'Nothing changed.', changes: [], groups: [], incomparable: [] });
  });

  test('a restart: other ids of namespaces and interfaces, other names of veths, other ports of the DNS server, other counters', () => {
    const restarted: HostSketch = {
      ...base,
      containers: [{ ...web, startedAt: '2026-02-02T00:00:00Z', pid: 999 }],
      namespaces: [
        {
          ...own,
          links: [own.links![0]!, own.links![1]!, { name: 'vethbbbbbbb', index: 19, kind: 'veth', peer: 18, nsid: 4, master: bridgeOf('appnet') }],
          sysctls: own.sysctls!.replaceAll('vethaaaaaaa', 'vethbbbbbbb').replace('count = 5', 'count = 500'),
          iptables: own.iptables!.replace('[1:2]', '[100:200]'),
        },
        {
          ...inside,
          inode: '77',
          links: [{ name: 'eth0', index: 18, kind: 'veth', peer: 19, nsid: 0, addresses: ['172.18.0.2/16'] }],
          listeners: inside.listeners!.replace('40123', '33333').replace('41234', '34444'),
          iptables: inside.iptables!.replaceAll('40123', '33333').replaceAll('41234', '34444'),
        },
      ],
    };
    expect(changed(restarted)).toEqual([]);
  });

  const scenarios = corpusScenarios();
  (scenarios.length > 0 ? test : test.skip)('in recorded scenarios', () => {
    for (const dir of scenarios.slice(0, 6)) {
      const a = buildModel(corpusFacts(dir));
      const b = buildModel(corpusFacts(dir).map((h) => ({ ...h, facts: [...h.facts].reverse() })));
      expect(diffModels(a, b)).toEqual({ summary: 'Nothing changed.', changes: [], groups: [], incomparable: [] });
    }
  });
});

const db: ContainerSketch = { id: id('dddd'), name: 'db', endpoints: [{ network: 'appnet', ipv4: '172.18.0.3' }] };

describe('what happened and nothing else', () => {
  test.each<[string, Partial<HostSketch>, string[]]>([
    ['a network was made', { networks: [network('appnet'), network('backnet')] }, ['network added backnet']],
    ['a network was set apart', { networks: [network('appnet', { Internal: true })] }, ['network changed appnet: internal false → true']],
    ['a label of a network', { networks: [network('appnet', { Labels: { tier: 'x' } })] }, ['network changed appnet: labels.tier null → "x"']],
    ['a network was removed', { networks: [] }, ['network removed appnet']],
    [
      'a container was connected to another network',
      { containers: [{ ...web, endpoints: [...web.endpoints!, { network: 'backnet', ipv4: '172.19.0.2' }] }] },
      ['endpoint added backnet/web'],
    ],
    [
      'a container got another address',
      { containers: [{ ...web, endpoints: [{ network: 'appnet', ipv4: '172.18.0.9' }] }] },
      ['endpoint changed appnet/web: ipv4 "172.18.0.2" → "172.18.0.9"'],
    ],
    ['a restart by policy', { containers: [{ ...web, restartCount: 3 }] }, ['container changed web: restartCount 0 → 3']],
    [
      'a container stopped',
      { containers: [{ ...web, state: 'exited', given: {} }], namespaces: [{ ...own, links: own.links!.slice(0, 2) }] },
      [
        'endpoint changed appnet/web: ipv4 "172.18.0.2" → null',
        'container changed web: exitCode null → 0, ports ["80/tcp asked :8080 given 0.0.0.0:8080"] → ["80/tcp asked :8080 given no"], state "running" → "exited"',
        'namespace removed container:web',
        'link removed host/veth to container:web/eth0',
      ],
    ],
    [
      'a container was made: its namespace stands for what is in it',
      {
        containers: [web, db],
        namespaces: [
          own,
          inside,
          {
            inode: '5',
            containers: [id('dddd')],
            links: [{ name: 'eth0', index: 30, addresses: ['172.18.0.3/16'] }],
            listeners: 'tcp LISTEN 0 5 0.0.0.0:5432 0.0.0.0:*',
          },
        ],
      },
      ['endpoint added appnet/db', 'container added db', 'namespace added container:db'],
    ],
    [
      'a container was made anew under its name',
      { containers: [{ ...web, id: id('eeee') }], namespaces: [own, { ...inside, inode: '9', containers: [id('eeee')] }] },
      [`container changed web: id "${id('aaaa')}" → "${id('eeee')}"`],
    ],
    [
      'a listener came and another went',
      { namespaces: [{ ...own, listeners: 'udp UNCONN 0 0 [::1]:53 [::]:*' }, inside] },
      ['listener removed host/tcp 0.0.0.0:22', 'listener added host/udp [::1]:53'],
    ],
    [
      'a setting, told once and not for every interface that follows it',
      { namespaces: [{ ...own, sysctls: own.sysctls!.replaceAll(/forward(ing)? = 1/g, 'forward$1 = 0') }, inside] },
      ['sysctl changed host/net.ipv4.ip_forward: value "1" → "0"'],
    ],
    [
      'an interface that no longer follows',
      { namespaces: [{ ...own, sysctls: own.sysctls!.replace('eth0.forwarding = 1', 'eth0.forwarding = 0') }, inside] },
      ['sysctl changed host/net.ipv4.conf.eth0.forwarding: value "1" → "0"'],
    ],
    [
      'a setting of an interface',
      { namespaces: [{ ...own, sysctls: own.sysctls!.replace('eth0.rp_filter = 0', 'eth0.rp_filter = 1') }, inside] },
      ['sysctl changed host/net.ipv4.conf.eth0.rp_filter: value "0" → "1"'],
    ],
    [
      'the gateway',
      { namespaces: [{ ...own, routes: [{ dst: 'default', gateway: '10.77.0.1', dev: 'eth0' }, own.routes![1]] }, inside] },
      ['route changed host/main/0.0.0.0/0 dev eth0: gateways ["10.77.0.254"] → ["10.77.0.1"]'],
    ],
    [
      'a route by a bridge is named after its network',
      { namespaces: [{ ...own, routes: own.routes!.slice(0, 1) }, inside] },
      ['route removed host/main/172.18.0.0/16 dev br(appnet)'],
    ],
    [
      'a link went down',
      { namespaces: [{ ...own, links: [{ ...own.links![0]!, up: false }, ...own.links!.slice(1)] }, inside] },
      ['link changed host/eth0: running true → false, up true → false'],
    ],
    [
      'an address was added',
      { namespaces: [{ ...own, links: [{ ...own.links![0]!, addresses: ['10.77.0.11/24', '10.77.0.12/24'] }, ...own.links!.slice(1)] }, inside] },
      ['link changed host/eth0: addresses ["10.77.0.11/24"] → ["10.77.0.11/24","10.77.0.12/24"]'],
    ],
    [
      'a veth was unplugged from its bridge',
      { namespaces: [{ ...own, links: [own.links![0]!, own.links![1]!, { ...own.links![2]!, master: undefined }] }, inside] },
      ['link changed container:web/eth0: attached "host br(appnet)" → "host"', 'link changed host/veth to container:web/eth0: master "br(appnet)" → null'],
    ],
    ['another kernel', { kernel: { release: '6.19' } }, ['host changed h1: kernel "6.18.5" → "6.19"']],
    ['a namespace came', { namespaces: [own, inside, { inode: '6', names: ['vpn'] }] }, ['namespace added netns:vpn']],
  ])('%s', (_name, patch, expected) => {
    expect(changed({ ...base, ...patch }).sort()).toEqual([...expected].sort());
  });

  test('what of an interface came with it is told by its link', () => {
    const after = {
      ...base,
      namespaces: [{ ...own, links: [...own.links!, { name: 'wg0', index: 40 }], sysctls: `${own.sysctls}net.ipv4.conf.wg0.rp_filter = 2\n` }, inside],
    };
    expect(changed(after)).toEqual(['link added host/wg0']);
  });

  test('a host came, a host went', () => {
    expect(lines(diffModels(model(base), model(base, { name: 'h2', namespaces: [] })))).toEqual(['host added h2']);
    expect(lines(diffModels(model(base, { name: 'h2', namespaces: [] }), model(base)))).toEqual(['host removed h2']);
  });
});

describe('rules', () => {
  const a = '-A FORWARD -s 10.0.0.1/32 -j ACCEPT';
  const b = '-A FORWARD -d 10.0.0.2/32 -j DROP';
  const c = '-A FORWARD -p tcp -m tcp --dport 80 -j RETURN';
  const d = '-A FORWARD -j LOG';
  const where = 'host/iptables-nft/ip/filter/FORWARD';
  const key = (rule: string) => `${where} ${rule.slice('-A FORWARD '.length)}`;
  const withRules = (...all: string[]) => model({ ...base, namespaces: [{ ...own, iptables: rules(...all) }, inside] });

  test.each<[string, string[], string[], string[]]>([
    ['one inserted at the top is one change', [a, b, c], [d, a, b, c], [`filterRule added ${key(d)}`]],
    ['one removed from the middle', [a, b, c], [a, c], [`filterRule removed ${key(b)}`]],
    ['a copy', [a, b], [a, b, a], [`filterRule added ${key(a)} (2)`]],
    ['the first of two copies removed', [a, b, a], [b, a], [`filterRule removed ${key(a)} (2)`, `filterRule changed ${key(b)}: position 2 → 1`]],
    ['the last moved to the top', [a, b, c, d], [d, a, b, c], [`filterRule changed ${key(d)}: position 4 → 1`]],
    ['one moved and one inserted', [a, b, c], [c, a, d, b], [`filterRule added ${key(d)}`, `filterRule changed ${key(c)}: position 3 → 1`]],
    ['none', [a, b], [a, b], []],
    [
      'two that no packet matches both of may change places',
      ['-A FORWARD -s 10.0.0.1/32 -j ACCEPT', '-A FORWARD -s 10.0.0.2/32 -j DROP'],
      ['-A FORWARD -s 10.0.0.2/32 -j DROP', '-A FORWARD -s 10.0.0.1/32 -j ACCEPT'],
      [],
    ],
    [
      'so may two that do the same',
      ['-A FORWARD -s 10.0.0.1/32 -j DROP', '-A FORWARD -p udp -j DROP'],
      ['-A FORWARD -p udp -j DROP', '-A FORWARD -s 10.0.0.1/32 -j DROP'],
      [],
    ],
    [
      'two that a packet may match both of may not',
      ['-A FORWARD -s 10.0.0.1/32 -j DROP', '-A FORWARD ! -s 10.0.0.2/32 -j ACCEPT'],
      ['-A FORWARD ! -s 10.0.0.2/32 -j ACCEPT', '-A FORWARD -s 10.0.0.1/32 -j DROP'],
      ['filterRule changed host/iptables-nft/ip/filter/FORWARD ! -s 10.0.0.2/32 -j ACCEPT: position 2 → 1'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(lines(diffModels(withRules(...before), withRules(...after))).sort()).toEqual([...expected].sort());
  });

  test('a policy', () => {
    const after = model({ ...base, namespaces: [{ ...own, iptables: own.iptables!.replace('FORWARD ACCEPT', 'FORWARD DROP') }, inside] });
    expect(lines(diffModels(model(base), after))).toEqual([`filterRule changed ${where} policy: policy "accept" → "drop"`]);
  });

  test('rules of the nat table are NAT rules', () => {
    const published = nat('-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80');
    const after = model({ ...base, namespaces: [{ ...own, iptables: `${own.iptables}${published}` }, inside] });
    expect(lines(diffModels(model(base), after))).toEqual([
      'natRule added host/iptables-nft/ip/nat/DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
      'natRule added host/iptables-nft/ip/nat/PREROUTING policy',
    ]);
  });

  test('of native nftables those are that a nat chain reaches', () => {
    const ruleset = (port: number) => ({
      nftables: [
        { table: { family: 'inet', name: 'mine', handle: 1 } },
        { chain: { family: 'inet', table: 'mine', name: 'pre', handle: 1, type: 'nat', hook: 'prerouting', prio: -100, policy: 'accept' } },
        { chain: { family: 'inet', table: 'mine', name: 'web', handle: 2 } },
        { chain: { family: 'inet', table: 'mine', name: 'other', handle: 3 } },
        { rule: { family: 'inet', table: 'mine', chain: 'pre', handle: 4, expr: [{ jump: { target: 'web' } }] } },
        {
          rule: {
            family: 'inet',
            table: 'mine',
            chain: 'web',
            handle: 5,
            expr: [{ match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: port } }, { accept: null }],
          },
        },
        {
          rule: {
            family: 'inet',
            table: 'mine',
            chain: 'other',
            handle: 6,
            expr: [{ match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: port } }, { drop: null }],
          },
        },
      ],
    });
    const withNft = (port: number) => model({ ...base, instead: [fact('nft', ruleset(port), '1')] });
    expect(
      diffModels(withNft(80), withNft(81))
        .changes.map((x) => `${x.kind} ${x.action} ${x.key.split(' ')[0]}`)
        .sort(),
    ).toEqual([
      'filterRule added host/nftables/inet/mine/other',
      'filterRule removed host/nftables/inet/mine/other',
      'natRule added host/nftables/inet/mine/web',
      'natRule removed host/nftables/inet/mine/web',
    ]);
  });
});

describe('what is not known on a side is not compared', () => {
  test.each<[string, Fact, string[]]>([
    ['the engine', failedFact('docker.version', 'gone'), ['host']],
    ['networks', failedFact('docker.networks', 'gone'), ['network']],
    [
      'containers',
      failedFact('docker.containers', 'gone'),
      ['container', 'endpoint', 'namespace', 'link', 'natRule', 'filterRule', 'route', 'listener', 'sysctl'],
    ],
    ['containers in part', { ...fact('docker.containers', []), reason: 'gone in part' }, ['container', 'endpoint']],
    ['the list of namespaces', failedFact('host.namespaces', 'gone'), ['namespace', 'link', 'natRule', 'filterRule', 'route', 'listener', 'sysctl']],
    ['links of a namespace', failedFact('ip.addr', 'gone', '2'), ['link']],
    ['routes', failedFact('ip.route', 'gone', '1'), ['route']],
    ['IPv6 routes', failedFact('ip.route6', 'gone', '1'), ['route']],
    ['listeners', failedFact('ss', 'gone', '1'), ['listener']],
    ['sysctls', failedFact('sysctl', 'gone', '1'), ['sysctl']],
    ['rules', failedFact('iptables-nft', 'gone', '1'), ['natRule', 'filterRule']],
    ['nftables', failedFact('nft', 'gone', '1'), ['natRule', 'filterRule']],
  ])('%s', (_name, lost, kinds) => {
    const blind = buildModel([hostFacts({ ...base, instead: [lost] })]);
    for (const diff of [diffModels(model(base), blind), diffModels(blind, model(base))]) {
      const known = new Set(kinds);
      expect(diff.changes.filter((c) => known.has(c.kind))).toEqual([]);
      expect([...new Set(diff.incomparable.map((i) => i.kind))].sort()).toEqual(expect.arrayContaining([...kinds].sort()));
      for (const i of diff.incomparable.filter((x) => known.has(x.kind))) expect(i.reason).toMatch(/(before|after): .*gone/);
      expect(diff.summary).toContain('Not all could be compared');
    }
  });

  test('rules that iptables-save does not print for once are not taken for removed and added', () => {
    const nft = fact(
      'nft',
      {
        nftables: [
          { table: { family: 'ip', name: 'filter', handle: 1 } },
          { chain: { family: 'ip', table: 'filter', name: 'FORWARD', handle: 1, type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
        ],
      },
      '1',
    );
    const before = buildModel([hostFacts({ ...base, instead: [nft] })]);
    const after = buildModel([hostFacts({ ...base, instead: [nft, failedFact('iptables-nft', 'gone', '1')] })]);
    expect(diffModels(before, after).changes).toEqual([]);
  });
});

test('the first sentences say what happened, and count', () => {
  const after = model({
    ...base,
    networks: [network('appnet', { Internal: true }), network('b'), network('c')],
    namespaces: [{ ...own, listeners: '' }, inside],
  });
  expect(diffModels(model(base), after).summary).toBe(
    'network b was created on h1; network c was created on h1. 2 networks added, 1 network changed, 1 listener removed.',
  );
});

test('hostile names go through unchanged and the sentence stays short', () => {
  const evil = '<b>\u001b[31m'.repeat(10_000);
  const [change] = diffModels(model(base), model({ ...base, networks: [network('appnet'), network(evil)] })).changes;
  expect(change?.key).toBe(evil);
  expect(change?.text.length).toBeLessThan(300);
});

function mirrored(diff: Diff): unknown[] {
  const swap = { added: 'removed', removed: 'added', changed: 'changed' } as const;
  return diff.changes.map((c) => ({
    kind: c.kind,
    key: c.key,
    action: swap[c.action],
    fields: c.fields.map((f) => ({ field: f.field, before: f.after, after: f.before })),
  }));
}

const plainChanges = (diff: Diff) => diff.changes.map(({ kind, key, action, fields }) => ({ kind, key, action, fields }));

/** Estates near to each other: each part is taken or left, rules and routes in any order. */
const anyHost = fc
  .record({
    networks: fc.subarray(['appnet', 'backnet', 'third']),
    containers: fc.subarray([web, db]),
    rules: fc.array(
      fc.constantFrom(
        '-A FORWARD -s 10.0.0.1/32 -j ACCEPT',
        '-A FORWARD -s 10.0.0.2/32 -j DROP',
        '-A FORWARD -j RETURN',
        '-A DOCKER -j DROP',
        '-A FORWARD -i eth0 -j DROP',
      ),
      { maxLength: 8 },
    ),
    routes: fc.subarray([
      { dst: 'default', gateway: '10.77.0.254', dev: 'eth0' },
      { dst: '10.9.0.0/16', dev: 'eth0' },
      { type: 'blackhole', dst: '10.9.0.0/16' },
      { dst: '10.9.0.0/16', dev: 'eth0', metric: 5 },
    ]),
    listeners: fc.subarray(['tcp LISTEN 0 5 0.0.0.0:22 0.0.0.0:*', 'tcp LISTEN 0 5 *:80 *:*', 'udp UNCONN 0 0 127.0.0.1:53 0.0.0.0:*']),
    forward: fc.constantFrom('0', '1'),
    links: fc.subarray(own.links as NonNullable<typeof own.links>[number][], { minLength: 1 }),
    lost: fc.constantFrom(null, failedFact('ss', 'x', '1'), failedFact('docker.containers', 'x'), failedFact('iptables-nft', 'x', '1')),
  })
  .map(
    (x): HostSketch => ({
      name: 'h1',
      networks: x.networks.map((n) => network(n)),
      containers: x.containers,
      namespaces: [
        {
          ...own,
          iptables: rules(...x.rules),
          routes: x.routes,
          listeners: x.listeners.join('\n'),
          sysctls: `net.ipv4.ip_forward = ${x.forward}\n`,
          links: x.links,
        },
        ...(x.containers.includes(web) ? [inside] : []),
      ],
      ...(x.lost ? { instead: [x.lost] } : {}),
    }),
  );

describe('laws', () => {
  test('diff(a, a) is empty, whatever order the facts came in', () => {
    fc.assert(
      fc.property(anyHost, fc.integer(), (host, seed) => {
        const facts = hostFacts(host);
        const turned = { ...facts, facts: [...facts.facts].sort((a, b) => ((a.source.length * 7 + seed) % 5) - ((b.source.length * 7 + seed) % 5)) };
        expect(diffModels(buildModel([facts]), buildModel([turned])).changes).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('diff(b, a) mirrors diff(a, b)', () => {
    fc.assert(
      fc.property(anyHost, anyHost, (x, y) => {
        const a = model(x);
        const b = model(y);
        expect(plainChanges(diffModels(b, a))).toEqual(mirrored(diffModels(a, b)));
      }),
      { numRuns: 200 },
    );
  });

  test('keys are unique in a diff', () => {
    fc.assert(
      fc.property(anyHost, anyHost, (x, y) => {
        const keys = diffModels(model(x), model(y)).changes.map((c) => `${c.host}\n${c.kind}\n${c.key}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 60 },
    );
  });

  test('other rules give a difference: none is lost', () => {
    fc.assert(
      fc.property(anyHost, anyHost, (x, y) => {
        const texts = (h: HostSketch) => h.namespaces[0]!.iptables!.split('\n').sort().join('\n');
        if (x.instead || y.instead) return;
        const found = diffModels(model(x), model(y)).changes.some((c) => c.kind === 'filterRule' && c.action !== 'changed');
        expect(found).toBe(texts(x) !== texts(y));
      }),
      { numRuns: 200 },
    );
  });
});
