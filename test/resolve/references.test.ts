import { describe, expect, test } from '@jest/globals';
import { resolveSource, resolveTarget, type Source, type Target } from '../../src/engine/resolve/index.ts';
import type { UserError } from '../../src/model/errors.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { estate, failedFact, type HostSketch, hostFacts, id, network } from '../support/estate.ts';

const dns = 'nameserver 127.0.0.11\noptions ndots:0\n';
const appnet = network('appnet');
const backnet = network('backnet');
const bridge = network('bridge', { IPAM: { Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }] } });
const containers = {
  web: id('aaaa1111'),
  db: id('bbbb2222'),
  app1: id('cccc3333'),
  app2: id('cccc4444'),
  plain: id('dddd5555'),
  linked: id('dddd6666'),
  hostmode: id('eeee7777'),
  alone: id('eeee8888'),
  sidecar: id('ffff9999'),
  gone: id('abcd0000'),
  six: id('abcd6666'),
};

const h1: HostSketch = {
  name: 'h1',
  networks: [appnet, backnet, bridge, network('host'), network('none')],
  containers: [
    {
      id: containers.web,
      name: 'web',
      endpoints: [{ network: 'appnet', ipv4: '172.18.0.2', aliases: ['site', 'WWW'] }],
      extraHosts: ['host.docker.internal:host-gateway', 'files:10.9.9.9'],
    },
    { id: containers.db, name: 'db', mode: 'backnet', endpoints: [{ network: 'backnet', ipv4: '172.19.0.2', aliases: ['store'] }], hostname: 'pg-main' },
    {
      id: containers.app1,
      name: 'shop-app-1',
      endpoints: [
        { network: 'appnet', ipv4: '172.18.0.11', aliases: ['app'] },
        { network: 'backnet', ipv4: '172.19.0.11', aliases: ['app'] },
      ],
      mode: 'appnet',
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'app' },
    },
    {
      id: containers.app2,
      name: 'shop-app-2',
      endpoints: [{ network: 'appnet', ipv4: '172.18.0.12', aliases: ['app'] }],
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'app' },
    },
    { id: containers.plain, name: 'plain', endpoints: [{ network: 'bridge', ipv4: '172.17.0.2' }] },
    { id: containers.linked, name: 'linked', endpoints: [{ network: 'bridge', ipv4: '172.17.0.3' }], links: ['/plain:/linked/friend'] },
    { id: containers.hostmode, name: 'hostmode', mode: 'host', endpoints: [{ network: 'host' }] },
    { id: containers.alone, name: 'alone', mode: 'none', endpoints: [{ network: 'none' }] },
    { id: containers.sidecar, name: 'sidecar', mode: `container:${containers.web}` },
    { id: containers.gone, name: 'gone', state: 'exited', endpoints: [{ network: 'appnet', aliases: ['old'] }] },
    { id: containers.six, name: 'six', endpoints: [{ network: 'appnet', ipv6: 'fd00:18::6' }] },
  ],
  namespaces: [
    {
      inode: '1',
      kind: 'host',
      containers: [containers.hostmode],
      links: [
        { name: 'eth0', index: 2, addresses: ['10.77.0.11/24'] },
        { name: 'docker0', index: 3, kind: 'bridge', addresses: ['172.17.0.1/16'] },
        { name: 'br-appnet', index: 4, kind: 'bridge', addresses: ['172.18.0.1/16', 'fd00:18::1/64'] },
      ],
      routes: [{ dst: 'default', gateway: '10.77.0.254', dev: 'eth0' }],
      hosts: '127.0.0.1 localhost\n10.77.0.50 printer printer.lan\n',
      resolver: 'nameserver 10.77.0.254\n',
    },
    {
      inode: '2',
      containers: [containers.web, containers.sidecar],
      links: [{ name: 'eth0', index: 10, addresses: ['172.18.0.2/16'] }],
      resolver: dns,
      hosts: '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n172.17.0.1\thost.docker.internal\n10.9.9.9\tfiles\n172.18.0.2\taaaa11110000\n',
    },
    {
      inode: '3',
      containers: [containers.db],
      links: [{ name: 'eth0', index: 10, addresses: ['172.19.0.2/16'] }],
      resolver: dns,
      hosts: '127.0.0.1 localhost\n',
    },
    {
      inode: '4',
      containers: [containers.app1],
      links: [{ name: 'eth0', index: 10, addresses: ['172.18.0.11/16'] }],
      resolver: dns,
      hosts: '127.0.0.1 localhost\n',
    },
    {
      inode: '5',
      containers: [containers.app2],
      links: [{ name: 'eth0', index: 10, addresses: ['172.18.0.12/16'] }],
      resolver: dns,
      hosts: '127.0.0.1 localhost\n',
    },
    {
      inode: '6',
      containers: [containers.plain],
      links: [{ name: 'eth0', index: 10, addresses: ['172.17.0.2/16'] }],
      resolver: 'nameserver 10.77.0.254\n',
      hosts: '127.0.0.1 localhost\n',
    },
    { inode: '7', containers: [containers.linked], links: [{ name: 'eth0', index: 10, addresses: ['172.17.0.3/16'] }], resolver: 'nameserver 10.77.0.254\n' },
    { inode: '8', containers: [containers.alone], links: [] },
    { inode: '9', containers: [containers.six], links: [{ name: 'eth0', index: 10, addresses: ['fd00:18::6/64'] }], resolver: dns },
    {
      inode: '20',
      names: ['vpn', 'tunnel'],
      links: [
        { name: 'tun0', index: 2, addresses: ['10.8.0.2/24'] },
        { name: 'eth0', index: 3, addresses: ['10.77.0.20/24'] },
      ],
    },
  ],
};
const h2: HostSketch = {
  name: 'h2',
  networks: [bridge],
  containers: [
    { id: id('9999aaaa'), name: 'plain', endpoints: [{ network: 'bridge', ipv4: '172.17.0.2' }] },
    { id: id('9999bbbb'), name: 'remote', endpoints: [{ network: 'bridge', ipv4: '172.17.0.3' }] },
  ],
  namespaces: [
    {
      inode: '1',
      kind: 'host',
      links: [
        { name: 'eth0', index: 2, mac: '02:00:00:00:22:02', addresses: ['10.77.0.12/24'] },
        { name: 'docker0', index: 3, mac: '02:00:00:00:22:03', kind: 'bridge', addresses: ['172.17.0.1/16'] },
      ],
    },
    { inode: '30', containers: [id('9999aaaa')], links: [{ name: 'eth0', index: 10, addresses: ['172.17.0.2/16'] }] },
    { inode: '31', containers: [id('9999bbbb')], links: [{ name: 'eth0', index: 10, addresses: ['172.17.0.3/16'] }] },
  ],
};
const model = buildModel(estate(h1, h2));

function userError(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    return error as UserError;
  }
  throw new Error('nothing was thrown');
}

function ask(from: string, to: string, family?: 4 | 6): Target {
  return resolveTarget(model, resolveSource(model, from), to, family);
}

function brief(source: Source): string {
  switch (source.kind) {
    case 'netns':
      return `${source.netns.id} ${source.container?.name ?? '-'} ${source.label}`;
    case 'stopped':
      return `stopped ${source.container.name}`;
    case 'outside':
      return `outside ${source.address}`;
  }
}

describe('a source is a namespace', () => {
  test.each([
    ['web', 'h1/2 web web'],
    ['sidecar', 'h1/2 sidecar sidecar'],
    ['hostmode', 'h1/1 hostmode hostmode'],
    [containers.db, 'h1/3 db db'],
    ['bbbb2', 'h1/3 db db'],
    ['container:web', 'h1/2 web web'],
    ['h1/plain', 'h1/6 plain plain'],
    ['h2/plain', 'h2/30 plain plain'],
    ['container:h2/plain', 'h2/30 plain plain'],
    ['remote', 'h2/31 remote remote'],
    ['host:h1', 'h1/1 - host h1'],
    ['netns:vpn', 'h1/20 - tunnel'],
    ['netns:tunnel', 'h1/20 - tunnel'],
    ['netns:h1/vpn', 'h1/20 - tunnel'],
    ['netns:container:web', 'h1/2 web web'],
    ['netns:h1/container:plain', 'h1/6 plain plain'],
    ['172.18.0.2', 'h1/2 web web'],
    ['10.77.0.12', 'h2/1 - host h2'],
    ['10.77.0.200', 'outside 10.77.0.200'],
    ['internet', 'outside null'],
    ['gone', 'stopped gone'],
  ])('%s', (reference, expected) => {
    expect(brief(resolveSource(model, reference))).toBe(expected);
  });

  test.each<[string, string, string[]]>([
    ['plain', 'AMBIGUOUS_ENDPOINT', ['h1/plain', 'h2/plain']],
    ['cccc', 'AMBIGUOUS_ENDPOINT', ['h1/shop-app-1 (cccc33330000)', 'h1/shop-app-2 (cccc44440000)']],
    ['shop/app', 'AMBIGUOUS_ENDPOINT', ['h1/shop-app-1', 'h1/shop-app-2']],
    ['172.17.0.2', 'AMBIGUOUS_ENDPOINT', ['netns:h1/container:plain', 'netns:h2/container:plain']],
    ['netns:container:plain', 'AMBIGUOUS_ENDPOINT', ['netns:h1/container:plain', 'netns:h2/container:plain']],
    ['wbe', 'UNKNOWN_ENDPOINT', ['web']],
    ['wwb', 'UNKNOWN_ENDPOINT', ['web']],
    ['app', 'UNKNOWN_ENDPOINT', ['shop/app', 'shop-app-1', 'shop-app-2']],
    ['h1', 'UNKNOWN_ENDPOINT', ['host:h1', 'host:h2']],
    ['host:h3', 'UNKNOWN_ENDPOINT', ['host:h1', 'host:h2']],
    ['netns:vpm', 'UNKNOWN_ENDPOINT', ['netns:vpn']],
    ['container:', 'UNKNOWN_ENDPOINT', []],
    ['', 'UNKNOWN_ENDPOINT', []],
    ['aaa', 'UNKNOWN_ENDPOINT', []],
  ])('%j is %s', (reference, code, candidates) => {
    const error = userError(() => resolveSource(model, reference));
    expect(error.code).toBe(code);
    expect([...error.candidates].sort()).toEqual(expect.arrayContaining(candidates.slice(0, 5)));
    expect(error.hint).not.toBe('');
  });

  test('every candidate of an ambiguous name is itself understood', () => {
    for (const reference of ['plain', '172.17.0.2', 'netns:container:plain', 'shop/app']) {
      for (const candidate of userError(() => resolveSource(model, reference)).candidates) expect(resolveSource(model, candidate).kind).toBe('netns');
    }
  });

  test('a running container whose namespace was not read is no namespace, and says that it runs', () => {
    const bare = buildModel([hostFacts({ ...h2, namespaces: h2.namespaces.slice(0, 1) })]);
    expect(resolveSource(bare, 'remote')).toMatchObject({ kind: 'stopped', container: { state: 'running' } });
  });
});

describe('a container is reached by the address that the source would use', () => {
  test.each<[string, string, string, string, string | null]>([
    ['web', 'shop-app-1', '172.18.0.11', 'container', null],
    ['db', 'shop-app-1', '172.19.0.11', 'container', null],
    ['host:h1', 'shop-app-1', '172.18.0.11', 'container', null],
    ['sidecar', 'shop-app-1', '172.18.0.11', 'container', null],
    ['shop-app-2', 'sidecar', '172.18.0.2', 'container', 'NAME_NOT_ON_SHARED_NETWORK'],
    ['web', 'db', '172.19.0.2', 'container', 'NAME_NOT_ON_SHARED_NETWORK'],
    ['h1/plain', 'linked', '172.17.0.3', 'container', 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE'],
    ['h1/plain', 'web', '172.18.0.2', 'container', 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE'],
    ['linked', 'h1/plain', '172.17.0.2', 'container', null],
    ['web', 'container:db', '172.19.0.2', 'container', 'NAME_NOT_ON_SHARED_NETWORK'],
    ['internet', 'web', '172.18.0.2', 'container', null],
    ['web', 'six', 'fd00:18::6', 'container', null],
    ['web', 'web', '172.18.0.2', 'container', null],
    ['sidecar', 'web', '172.18.0.2', 'container', null],
    ['web', 'hostmode', '172.18.0.1', 'container', 'HOST_NETWORK'],
  ])('%s → %s is %s', (from, to, address, via, note) => {
    expect(ask(from, to)).toMatchObject({ kind: 'addresses', addresses: [address], via, note });
  });

  test('where it has none, the reason is told', () => {
    expect(ask('web', 'gone')).toMatchObject({ kind: 'stopped', container: { name: 'gone' } });
    expect(ask('web', 'alone')).toMatchObject({ kind: 'no-address', why: 'none-mode' });
    expect(ask('web', 'db', 6)).toMatchObject({ kind: 'no-address', why: 'family' });
    expect(ask('web', 'six', 4)).toMatchObject({ kind: 'no-address', why: 'family' });
  });

  test('a guest whose owner was started anew is left in a namespace without a network', () => {
    const moved = buildModel([
      hostFacts({
        ...h1,
        namespaces: [
          ...h1.namespaces.filter((n) => n.inode !== '2'),
          { inode: '2', containers: [containers.sidecar] },
          { inode: '40', containers: [containers.web], links: [{ name: 'eth0', index: 10, addresses: ['172.18.0.2/16'] }] },
        ],
      }),
    ]);
    expect(resolveTarget(moved, resolveSource(moved, 'db'), 'sidecar')).toMatchObject({ kind: 'no-address', why: 'no-endpoint' });
    expect(resolveTarget(moved, resolveSource(moved, 'db'), 'web')).toMatchObject({ kind: 'addresses', addresses: ['172.18.0.2'] });
  });

  test('a service is all of its replicas that run', () => {
    expect(ask('web', 'shop/app')).toMatchObject({ kind: 'addresses', addresses: ['172.18.0.11', '172.18.0.12'], via: 'service', container: null });
    expect(ask('db', 'shop/app')).toMatchObject({ addresses: ['172.19.0.11', '172.18.0.12'] });
  });
});

describe('a host is reached by the address that the source would use', () => {
  test.each([
    ['web', 'host:h1', '172.18.0.1'],
    ['h1/plain', 'host:h1', '172.17.0.1'],
    ['db', 'host:h1', '10.77.0.11'],
    ['host:h2', 'host:h1', '10.77.0.11'],
    ['internet', 'host:h1', '10.77.0.11'],
    ['10.77.0.200', 'host:h1', '10.77.0.11'],
    ['host:h1', 'host:h1', '10.77.0.11'],
    ['host:h1', 'netns:vpn', '10.77.0.20'],
  ])('%s → %s is %s', (from, to, address) => {
    expect(ask(from, to)).toMatchObject({ kind: 'addresses', addresses: [address] });
  });

  test('an IPv6 address where IPv6 is asked for', () => {
    expect(ask('web', 'host:h1', 6)).toMatchObject({ addresses: ['fd00:18::1'] });
    expect(ask('host:h1', 'host:h2', 6)).toMatchObject({ kind: 'no-address', why: 'family' });
  });
});

describe('a DNS name is what the source would be told', () => {
  test.each<[string, string, string[], string]>([
    ['web', 'dns:shop-app-1', ['172.18.0.11'], 'embedded-dns'],
    ['web', 'dns:SHOP-APP-1', ['172.18.0.11'], 'embedded-dns'],
    ['web', 'http://app:8080/', ['172.18.0.11', '172.18.0.12'], 'embedded-dns'],
    ['web', 'app', ['172.18.0.11', '172.18.0.12'], 'embedded-dns'],
    ['db', 'app', ['172.19.0.11'], 'embedded-dns'],
    ['web', 'dns:app.appnet', ['172.18.0.11', '172.18.0.12'], 'embedded-dns'],
    ['shop-app-1', 'site', ['172.18.0.2'], 'embedded-dns'],
    ['shop-app-1', 'www', ['172.18.0.2'], 'embedded-dns'],
    ['shop-app-1', 'dns:store', ['172.19.0.2'], 'embedded-dns'],
    ['sidecar', 'dns:shop-app-2', ['172.18.0.12'], 'embedded-dns'],
    ['shop-app-1', 'dns:aaaa11110000', ['172.18.0.2'], 'embedded-dns'],
    ['web', 'localhost', ['127.0.0.1'], 'hosts-file'],
    ['web', 'dns:files', ['10.9.9.9'], 'extra-host'],
    ['web', 'host.docker.internal', ['172.17.0.1'], 'extra-host'],
    ['sidecar', 'host.docker.internal', ['172.17.0.1'], 'extra-host'],
    ['linked', 'dns:friend', ['172.17.0.2'], 'hosts-file'],
    ['host:h1', 'printer', ['10.77.0.50'], 'hosts-file'],
    ['host:h1', 'dns:printer.lan.', ['10.77.0.50'], 'hosts-file'],
    ['web', 'dns:10.1.1.1', ['10.1.1.1'], 'address'],
  ])('%s asks for %s', (from, to, addresses, via) => {
    expect(ask(from, to)).toMatchObject({ kind: 'addresses', addresses, via });
  });

  test.each<[string, string, string]>([
    ['web', 'dns:db', 'NAME_NOT_ON_SHARED_NETWORK'],
    ['web', 'store', 'NAME_NOT_ON_SHARED_NETWORK'],
    ['web', 'dns:hostmode', 'HOST_NETWORK'],
    ['web', 'dns:gone', 'CONTAINER_NOT_RUNNING'],
    ['h1/plain', 'dns:linked', 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE'],
    ['h1/plain', 'app', 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE'],
    ['linked', 'dns:web', 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE'],
    ['web', 'pg-main', 'NAME_NOT_FOUND'],
    ['host:h1', 'dns:web', 'NAME_NOT_FOUND'],
    ['hostmode', 'dns:web', 'NAME_NOT_FOUND'],
    ['db', 'host.docker.internal', 'NAME_NOT_FOUND'],
    ['web', 'dns:nowhere.example', 'NAME_NOT_FOUND'],
  ])('%s is not told %s: %s', (from, to, cause) => {
    const target = ask(from, to);
    expect(target).toMatchObject({ kind: 'name-not-found', cause });
    expect(target.kind === 'name-not-found' && target.text).not.toBe('');
  });

  test('the address of a record is cited with the place it was read', () => {
    const target = ask('web', 'dns:shop-app-2');
    expect(target.kind === 'addresses' && target.evidence).toEqual([
      {
        host: 'h1',
        netns: null,
        collector: 'docker.containers',
        locator: '/3/NetworkSettings/Networks/appnet',
        excerpt: 'shop-app-2 is shop-app-2 in appnet: 172.18.0.12',
        collectedAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  test('a nameserver is not asked, and is named', () => {
    const target = ask('web', 'api.github.com');
    expect(target).toMatchObject({ kind: 'unknown-name', name: 'api.github.com' });
    expect(target.kind === 'unknown-name' && target.needs.length).toBeGreaterThan(0);
    const atHost = ask('host:h1', 'api.github.com');
    expect(atHost.kind === 'unknown-name' && atHost.text).toContain('10.77.0.254');
  });

  test('a plain word that nothing is called is an error and not a name of somebody else', () => {
    expect(userError(() => ask('web', 'shop-ap-1'))).toMatchObject({ code: 'UNKNOWN_ENDPOINT', candidates: expect.arrayContaining(['shop-app-1']) });
    expect(ask('web', 'dns:nonesuch')).toMatchObject({ kind: 'unknown-name' });
  });

  test('a hosts file that was not read leaves a name unknown and not absent', () => {
    const blind = buildModel([hostFacts({ ...h1, instead: [failedFact('hosts', 'not permitted', '1')] })]);
    const target = resolveTarget(blind, resolveSource(blind, 'host:h1'), 'dns:printer');
    expect(target).toMatchObject({ kind: 'unknown-name' });
    expect(target.kind === 'unknown-name' && target.needs.join()).toContain('not permitted');
  });
});

describe('an address is itself', () => {
  test('with the place that owns it, nearest to the source first', () => {
    expect(ask('web', '172.18.0.12')).toMatchObject({ addresses: ['172.18.0.12'], via: 'address', container: { name: 'shop-app-2' }, host: { name: 'h1' } });
    expect(ask('remote', '172.17.0.2')).toMatchObject({ container: { name: 'plain', host: 'h2' } });
    expect(ask('web', '198.51.100.7')).toMatchObject({ kind: 'addresses', addresses: ['198.51.100.7'], netns: null });
    expect(ask('internet', '172.17.0.2')).toMatchObject({ addresses: ['172.17.0.2'], netns: null });
  });

  test('loopback is the source itself', () => {
    expect(ask('web', '127.0.0.1')).toMatchObject({ netns: { id: 'h1/2' }, container: { name: 'web' } });
    expect(ask('web', '[::1]')).toMatchObject({ addresses: ['::1'], netns: { id: 'h1/2' } });
  });

  test('the internet is any address outside', () => {
    expect(ask('web', 'internet')).toEqual({ kind: 'outside', label: 'internet', addresses: [] });
  });
});

test('containers that could not be read are the first suspect for an unknown name', () => {
  const blind = buildModel([hostFacts({ ...h1, instead: [failedFact('docker.containers', 'no such socket')] })]);
  expect(userError(() => resolveSource(blind, 'web')).hint).toContain('h1 could not be read');
});

test('a project and a host of one name do not choose between their containers', () => {
  const shop = buildModel(
    estate({
      name: 'shop',
      containers: [
        { id: id('11112222'), name: 'app' },
        { id: id('33334444'), name: 'shop-app-1', labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'app' } },
      ],
      namespaces: [],
    }),
  );
  expect(userError(() => resolveSource(shop, 'shop/app'))).toMatchObject({ code: 'AMBIGUOUS_ENDPOINT', candidates: ['container:shop/app', 'shop-app-1'] });
});

test('hostile names of 64 kB are compared, and shown in part', () => {
  const evil = '\u001b[31m<script>'.repeat(5000);
  const many = Array.from({ length: 500 }, (_, i) => ({ id: id(`${(0x10000 + i).toString(16)}`), name: `${evil}${i}` }));
  const hostile = buildModel(estate({ name: 'h', containers: many, namespaces: [] }));
  const error = userError(() => resolveSource(hostile, `${evil}x`));
  expect(error.code).toBe('UNKNOWN_ENDPOINT');
  expect(error.candidates.length).toBeLessThanOrEqual(5);
  for (const candidate of error.candidates) expect(candidate.length).toBeLessThanOrEqual(200);
  expect(error.message.length).toBeLessThan(400);
});
