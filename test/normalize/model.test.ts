import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fact, type FactSource, HOST_SOURCES, type HostFacts, NETNS_SOURCES } from '../../src/model/facts.ts';
import type { Host, Model } from '../../src/model/model.ts';
import type { Netns } from '../../src/model/network.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { corpusFacts, corpusInode, corpusScenarios } from '../support/corpus.ts';
import { absentFact, estate, fact, failedFact, hostFacts, id, network } from '../support/estate.ts';

const web = id('aaaa');
const pod = id('bbbb');
const sketch = {
  name: 'h1',
  networks: [network('bridge'), network('appnet')],
  containers: [
    { id: pod, name: 'pod', endpoints: [{ network: 'appnet', ipv4: '172.18.0.2' }] },
    { id: web, name: 'a-web', mode: `container:${pod}` },
    { id: id('cccc'), name: 'hostly', mode: 'host', endpoints: [{ network: 'host' }] },
    { id: id('dddd'), name: 'off', state: 'exited', endpoints: [{ network: 'appnet' }] },
  ],
  namespaces: [
    { inode: '1', kind: 'host' as const, names: ['default'], containers: [id('cccc')], links: [{ name: 'eth0', index: 2 }] },
    { inode: '2', containers: [web, pod], names: ['5a08d78a52f3'], links: [{ name: 'eth0', index: 2 }] },
    { inode: '3', names: ['vpn', 'alias'] },
    { inode: '4', kind: 'process' as const },
  ],
};
const facts = hostFacts(sketch);

function only(model: Model): Host {
  const host = model.hosts[0];
  if (!host) throw new Error('no host');
  return host;
}

function without(source: FactSource, netns: string | null): HostFacts {
  return { ...facts, facts: facts.facts.filter((f) => f.source !== source || f.netns !== netns) };
}

function replaced(changed: Fact): HostFacts {
  return { ...facts, facts: [...without(changed.source, changed.netns).facts, changed] };
}

function netns(host: Host, inode: string): Netns {
  const found = host.namespaces.find((n) => n.inode === inode);
  if (!found) throw new Error(`no namespace ${inode}`);
  return found;
}

describe('namespaces have names that outlive their inodes', () => {
  const host = only(buildModel([facts]));
  test.each([
    ['1', 'host', 'host', ['cccc']],
    ['2', 'container:pod', 'container', ['bbbb', 'aaaa']],
    ['3', 'netns:alias', 'named', []],
    ['4', 'inode:4', 'process', []],
  ])('inode %s is %s', (inode, key, kind, containers) => {
    const found = netns(host, inode);
    expect([found.key, found.kind, found.containerIds.map((c) => c.slice(0, 4)), found.id]).toEqual([key, kind, containers, `h1/${inode}`]);
  });

  test('containers know where they live', () => {
    expect(host.containers.known && host.containers.value.map((c) => [c.name, c.netns])).toEqual([
      ['a-web', 'h1/2'],
      ['hostly', 'h1/1'],
      ['off', null],
      ['pod', 'h1/2'],
    ]);
    expect(host.ownNetns).toBe('h1/1');
  });

  test('network mode implies a namespace where none is listed', () => {
    const listed = fact('host.namespaces', [
      { inode: '1', kind: 'host' },
      { inode: '2', kind: 'container', containerIds: [pod] },
    ]);
    const implied = only(buildModel([replaced(listed)]));
    expect(implied.containers.known && implied.containers.value.map((c) => [c.name, c.netns])).toEqual([
      ['a-web', 'h1/2'],
      ['hostly', 'h1/1'],
      ['off', null],
      ['pod', 'h1/2'],
    ]);
  });

  test('two named alike are told apart', () => {
    const twins = estate({
      name: 'h',
      namespaces: [
        { inode: '7', names: ['x'] },
        { inode: '8', names: ['x'] },
      ],
    });
    expect(only(buildModel(twins)).namespaces.map((n) => n.key)).toEqual(['netns:x', 'netns:x#8']);
  });

  test("the engine's namespace is the host's own, where the two differ", () => {
    const listed = fact('host.namespaces', [
      { inode: '1', kind: 'host', pids: [1] },
      { inode: '3', kind: 'named', names: ['dind'], engine: true },
    ]);
    const model = only(buildModel([replaced(listed)]));
    expect([model.ownNetns, netns(model, '3').key, netns(model, '1').key]).toEqual(['h1/3', 'host', 'pid:1']);
  });

  test('one namespace listed twice is one', () => {
    const listed = fact('host.namespaces', [
      { inode: '3', kind: 'process', pids: [9] },
      { inode: 3, kind: 'named', names: ['vpn'], paths: ['/run/netns/vpn'] },
    ]);
    expect(only(buildModel([replaced(listed)])).namespaces.filter((n) => n.inode === '3')).toMatchObject([{ key: 'netns:vpn', names: ['vpn'] }]);
  });
});

/** What of a namespace each source says. */
const SAYS: Readonly<Record<(typeof NETNS_SOURCES)[number], (n: Netns) => boolean>> = {
  'ip.addr': (n) => n.links.known,
  'ip.route': (n) => n.routes[4].known,
  'ip.route6': (n) => n.routes[6].known,
  'ip.rule': (n) => n.rules[4].known,
  'ip.rule6': (n) => n.rules[6].known,
  'ip.neigh': (n) => n.neighbours.known,
  'bridge.link': () => false,
  'bridge.vlan': (n) => n.vlans.known,
  'bridge.fdb': (n) => n.fdb.known,
  sysctl: (n) => n.sysctls.known,
  ss: (n) => n.listeners.known,
  'iptables-nft': (n) => n.firewall.gaps.length === 0,
  'ip6tables-nft': (n) => n.firewall.gaps.length === 0,
  'iptables-legacy': (n) => n.firewall.gaps.length === 0,
  'ip6tables-legacy': (n) => n.firewall.gaps.length === 0,
  nft: (n) => n.firewall.gaps.length === 0,
  ipset: () => false,
  'resolv.conf': (n) => n.resolver.known,
  hosts: (n) => n.hostsFile.known,
};
/** Any text is a resolv.conf and a hosts file. */
const TAKES_ANYTHING: ReadonlySet<FactSource> = new Set(['resolv.conf', 'hosts']);

describe('what was not read is unknown and says why', () => {
  for (const source of NETNS_SOURCES) {
    const cases: [string, HostFacts, string][] = [
      ['failed', replaced(failedFact(source, 'timed out after 5 s', '2')), 'timed out after 5 s'],
      ['never asked', without(source, '2'), 'was not asked'],
    ];
    if (!TAKES_ANYTHING.has(source)) cases.push(['nonsense', replaced(fact(source, '{"what": [', '2')), 'could not be understood']);
    test.each(cases)(`${source} %s`, (_how, given, reason) => {
      const model = buildModel([given]);
      const found = netns(only(model), '2');
      expect(SAYS[source](found)).toBe(false);
      const gaps = model.gaps.filter((g) => g.source === source);
      expect(gaps.length).toBeGreaterThan(0);
      for (const gap of gaps) {
        expect(gap).toMatchObject({ host: 'h1', netns: 'container:pod' });
        expect(gap.reason).toContain(reason);
      }
      expect(only(model).gaps).toEqual(model.gaps);
      expect(SAYS[source](netns(only(model), '3')) || source === 'bridge.link' || source === 'ipset').toBe(true);
    });
  }

  test.each<[FactSource, boolean]>([
    ['ip.addr', false],
    ['ip.route', false],
    ['ip.rule', false],
    ['ip.neigh', false],
    ['sysctl', false],
    ['ss', false],
    ['ip.route6', true],
    ['ip.rule6', true],
    ['bridge.fdb', true],
    ['bridge.vlan', true],
    ['iptables-nft', true],
    ['iptables-legacy', true],
    ['nft', true],
    ['resolv.conf', true],
    ['hosts', true],
  ])('%s absent: known empty %s', (source, empty) => {
    const model = buildModel([replaced(absentFact(source, '2'))]);
    expect(SAYS[source as (typeof NETNS_SOURCES)[number]](netns(only(model), '2'))).toBe(empty);
    expect(model.gaps.length).toBe(empty ? 0 : 1);
  });

  const SAID: Readonly<Record<(typeof HOST_SOURCES)[number], (h: Host) => boolean>> = {
    'docker.version': (h) => h.engine?.known === true,
    'docker.info': (h) => h.engine?.known === true && h.engine.value.id !== null,
    'docker.networks': (h) => h.networks.known,
    'docker.containers': (h) => h.containers.known,
    'host.namespaces': (h) => h.ownNetns !== null,
    'host.sockets': () => false,
    'host.docker-proxy': (h) => h.proxies.known,
    'host.kernel': (h) => h.kernel !== null,
  };
  test.each(
    HOST_SOURCES.flatMap((source): [string, FactSource, HostFacts][] => [
      [`${source} failed`, source, replaced(failedFact(source, 'refused'))],
      [`${source} never asked`, source, without(source, null)],
      [`${source} nonsense`, source, replaced(fact(source, '[{"Id": 5}'))],
    ]),
  )('%s', (_name, source, given) => {
    const model = buildModel([given]);
    expect(SAID[source as (typeof HOST_SOURCES)[number]](only(model))).toBe(false);
    expect(model.gaps.some((g) => g.source === source && g.netns === null && g.host === 'h1')).toBe(true);
    expect(only(model).namespaces.length).toBe(4);
  });

  test('a host without Docker has no engine, no networks and no containers, and no gap', () => {
    const sources: FactSource[] = ['docker.version', 'docker.info', 'docker.networks', 'docker.containers'];
    const bare = hostFacts({ ...sketch, instead: sources.map((s) => absentFact(s)) });
    const model = buildModel([bare]);
    expect(only(model)).toMatchObject({ engine: null, networks: { known: true, value: [] }, containers: { known: true, value: [] } });
    expect(model.gaps).toEqual([]);
  });

  test('an answer in part is known, and the rest is a gap', () => {
    const part: Fact = { ...fact('docker.networks', [network('appnet')]), reason: 'not inspected: 5 networks' };
    const model = buildModel([replaced(part)]);
    expect(only(model).networks).toMatchObject({ known: true });
    expect(model.gaps).toEqual([{ host: 'h1', netns: null, source: 'docker.networks', reason: 'not inspected: 5 networks' }]);
  });

  test('one odd route makes its table unknown and nothing else', () => {
    const model = buildModel([
      replaced(
        fact(
          'ip.route',
          [
            { dst: 'default', dev: 'eth0' },
            { dst: 'x', dev: 'eth0' },
          ],
          '2',
        ),
      ),
    ]);
    expect(netns(only(model), '2')).toMatchObject({ routes: { 4: { known: false }, 6: { known: true } }, links: { known: true } });
    expect(model.gaps).toHaveLength(1);
  });
});

describe('rules', () => {
  const save = '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ACCEPT\nCOMMIT\n';
  const nft = (...tables: [string, string][]) => ({
    nftables: tables.flatMap(([family, name]) => [
      { table: { family, name, handle: 1 } },
      { chain: { family, table: name, name: 'FORWARD', handle: 1, type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
      { rule: { family, table: name, chain: 'FORWARD', handle: 2, expr: [{ accept: null }] } },
    ]),
  });
  const tablesWith = (...changed: Fact[]) => {
    const sources = new Set(changed.map((f) => f.source));
    const state = netns(
      only(buildModel([{ ...facts, facts: [...facts.facts.filter((f) => f.netns !== '2' || !sources.has(f.source)), ...changed] }])),
      '2',
    ).firewall;
    return { tables: state.tables.map((t) => `${t.backend} ${t.family} ${t.name}`), doubt: state.gaps.map((g) => `${g.gap.source}: ${g.families.join()}`) };
  };

  test('a table that iptables-nft keeps in nf_tables is taken once, from the save listing', () => {
    expect(tablesWith(fact('iptables-nft', save, '2'), fact('nft', nft(['ip', 'filter'], ['ip', 'mine'], ['inet', 'filter']), '2'))).toEqual({
      tables: ['iptables-nft ip filter', 'nftables ip mine', 'nftables inet filter'],
      doubt: [],
    });
  });

  test('and from nft where the save listing failed or does not print it', () => {
    expect(tablesWith(failedFact('iptables-nft', 'not installed', '2'), fact('nft', nft(['ip', 'filter']), '2'))).toEqual({
      tables: ['nftables ip filter'],
      doubt: ['iptables-nft: ip'],
    });
    expect(tablesWith(fact('iptables-nft', save, '2'), fact('nft', nft(['ip', 'filter'], ['ip', 'raw'], ['ip6', 'filter']), '2'))).toEqual({
      tables: ['iptables-nft ip filter', 'nftables ip raw', 'nftables ip6 filter'],
      doubt: [],
    });
  });

  test('legacy tables stand beside those of nf_tables', () => {
    expect(tablesWith(fact('iptables-nft', save, '2'), fact('iptables-legacy', save, '2'), fact('ip6tables-legacy', save, '2')).tables).toEqual([
      'iptables-nft ip filter',
      'iptables-legacy ip filter',
      'iptables-legacy ip6 filter',
    ]);
  });

  test.each<[FactSource, string]>([
    ['iptables-nft', 'iptables-nft: ip'],
    ['ip6tables-nft', 'ip6tables-nft: ip6'],
    ['iptables-legacy', 'iptables-legacy: ip'],
    ['ip6tables-legacy', 'ip6tables-legacy: ip6'],
    ['nft', 'nft: ip,ip6,inet,bridge,arp,netdev'],
  ])('%s failed puts its families in doubt', (source, doubt) => {
    expect(tablesWith(failedFact(source, 'denied', '2')).doubt).toEqual([doubt]);
  });

  test('a line that is no rule puts its family in doubt, and the rest is kept', () => {
    const state = tablesWith(fact('iptables-nft', `${save}what is this\n`, '2'));
    expect(state).toEqual({ tables: ['iptables-nft ip filter'], doubt: ['iptables-nft: ip'] });
  });
});

/** Maps compare by their entries. */
function plain(model: Model): string {
  return JSON.stringify(model, (_key, value: unknown) => (value instanceof Map ? [...value] : typeof value === 'bigint' ? `${value}n` : value));
}

test('shuffled facts and hosts give the same model', () => {
  const two = [facts, hostFacts({ ...sketch, name: 'h2' })];
  const expected = plain(buildModel(two));
  const shuffled = fc.tuple(fc.shuffledSubarray([0, 1], { minLength: 2 }), fc.shuffledSubarray([...facts.facts.keys()], { minLength: facts.facts.length }));
  fc.assert(
    fc.property(shuffled, ([hosts, order]) => {
      const given = hosts.map((h) => ({ ...two[h]!, facts: order.map((i) => two[h]!.facts[i]!) }));
      return plain(buildModel(given)) === expected;
    }),
    { numRuns: 50 },
  );
});

test('whatever the facts say, nothing is thrown', () => {
  const sources: readonly FactSource[] = [...HOST_SOURCES, ...NETNS_SOURCES];
  const data = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('[]', '{}', '[{}]', '[null]', '[1]', 'null', '[{"Id":"x","Name":null,"NetworkSettings":{"Networks":{"a":null}}}]', '[{"inode":5}]'),
  );
  const anyFact = fc.record({
    source: fc.constantFrom(...sources),
    netns: fc.constantFrom(null, '1', '2'),
    status: fc.constantFrom('ok' as const, 'ok' as const, 'failed' as const, 'absent' as const),
    data,
  });
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 30 }), (all) => {
      const model = buildModel([{ version: 1, host: 'h', collectedAt: '', facts: all }]);
      return model.hosts.length === 1;
    }),
    { numRuns: 300 },
  );
});

const scenarios = corpusScenarios();
(scenarios.length > 0 ? test : test.skip)('every recorded scenario is understood whole, and every pair is joined', () => {
  const open: string[] = [];
  for (const dir of scenarios.filter((_, i) => i % 8 === 0)) {
    const model = buildModel(corpusFacts(dir));
    open.push(...model.gaps.map((g) => `${dir} ${g.netns} ${g.source}: ${g.reason}`));
    for (const n of model.namespaces.values()) {
      for (const link of n.links.known ? n.links.value : [])
        if (link.peerIndex !== null && link.peer === null) open.push(`${dir} ${n.key} ${link.name} has no peer`);
    }
    expect(model.namespaces.get(`lab/${corpusInode('sw')}`)?.key).toBe('netns:sw');
  }
  expect(open).toEqual([]);
});
