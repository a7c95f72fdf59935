import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Container } from '../../src/model/docker.ts';
import { parseContainers } from '../../src/normalize/docker-containers.ts';
import { parseEngine, parseInfo } from '../../src/normalize/docker-engine.ts';
import { parseNetworks } from '../../src/normalize/docker-networks.ts';
import { publishedPorts } from '../../src/normalize/docker-ports.ts';
import { id } from '../support/estate.ts';

function container(json: Record<string, unknown>, ...others: unknown[]): Container {
  const all = parseContainers('h1', JSON.stringify([{ Id: id('aaaa'), Name: '/web', ...json }, ...others]));
  const found = all.find((c) => c.id === id('aaaa'));
  if (!found) throw new Error('lost');
  return found;
}

describe('published ports: what was asked beside what was given', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, unknown[]]>([
    [
      'a port for both families',
      { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
      {
        '80/tcp': [
          { HostIp: '0.0.0.0', HostPort: '8080' },
          { HostIp: '::', HostPort: '8080' },
        ],
      },
      [
        ['tcp', 80, ':8080', '0.0.0.0:8080'],
        ['tcp', 80, ':8080', ':::8080'],
      ],
    ],
    [
      'one address only',
      { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
      { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
      [['tcp', 80, '127.0.0.1:8080', '127.0.0.1:8080']],
    ],
    [
      'left to the engine',
      { '53/udp': [{ HostIp: '', HostPort: '' }] },
      { '53/udp': [{ HostIp: '0.0.0.0', HostPort: '49153' }] },
      [['udp', 53, ':', '0.0.0.0:49153']],
    ],
    [
      'a range to choose from',
      { '80/tcp': [{ HostIp: '', HostPort: '8000-8010' }] },
      { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8003' }] },
      [['tcp', 80, ':8000-8010', '0.0.0.0:8003']],
    ],
    ['not given: it does not run', { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }, {}, [['tcp', 80, ':8080', null]]],
    ['given by publish all', {}, { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '49154' }] }, [['tcp', 80, null, '0.0.0.0:49154']]],
    ['exposed only', {}, { '80/tcp': null }, []],
    [
      'published twice',
      {
        '80/tcp': [
          { HostIp: '', HostPort: '8080' },
          { HostIp: '', HostPort: '9090' },
        ],
      },
      {
        '80/tcp': [
          { HostIp: '0.0.0.0', HostPort: '8080' },
          { HostIp: '0.0.0.0', HostPort: '9090' },
        ],
      },
      [
        ['tcp', 80, ':8080', '0.0.0.0:8080'],
        ['tcp', 80, ':9090', '0.0.0.0:9090'],
      ],
    ],
  ])('%s', (_name, asked, given, expected) => {
    const found = publishedPorts(asked as never, given as never).map((p) => [
      p.protocol,
      p.containerPort,
      p.asked && `${p.asked.hostIp}:${p.asked.hostPort}`,
      p.given && `${p.given.hostIp}:${p.given.hostPort}`,
    ]);
    expect(found).toEqual(expected);
  });
});

describe('containers', () => {
  test.each<[string, Record<string, unknown>, Partial<Container>]>([
    ['nothing but an id', { Name: undefined }, { name: 'aaaa00000000', state: 'unknown', networkMode: 'bridge', endpoints: [], ports: [], pid: null }],
    ['default is the bridge', { HostConfig: { NetworkMode: 'default' } }, { networkMode: 'bridge' }],
    [
      'a stopped one has no process',
      { State: { Status: 'exited', Pid: 0, ExitCode: 137, StartedAt: '2026-01-01T00:00:00Z' } },
      { state: 'exited', pid: null, exitCode: 137, startedAt: '2026-01-01T00:00:00Z' },
    ],
    ['one that never ran', { State: { Status: 'created', StartedAt: '0001-01-01T00:00:00Z' } }, { startedAt: null }],
    [
      'a running one has no exit code',
      { State: { Status: 'running', Pid: 7, ExitCode: 0, Health: { Status: 'unhealthy' } } },
      { exitCode: null, pid: 7, health: 'unhealthy' },
    ],
    ['a state of the future', { State: { Status: 'dreaming' } }, { state: 'unknown' }],
    [
      'a network given by its id',
      { HostConfig: { NetworkMode: id('77') }, NetworkSettings: { Networks: { appnet: { NetworkID: id('77') } } } },
      { networkMode: 'appnet' },
    ],
    ['compose', { Config: { Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db' } } }, { project: 'shop', service: 'db' }],
    [
      'a stack',
      { Config: { Labels: { 'com.docker.stack.namespace': 'shop', 'com.docker.swarm.service.name': 'shop_db' } } },
      { project: 'shop', service: 'db' },
    ],
  ])('%s', (_name, json, expected) => {
    expect(container(json)).toMatchObject(expected);
  });

  test('the owner of a shared network by id, prefix or name, also when it is gone', () => {
    const owner = { Id: id('bbbb1'), Name: '/pod' };
    for (const reference of [id('bbbb1'), 'bbbb1', 'pod']) {
      expect(container({ HostConfig: { NetworkMode: `container:${reference}` } }, owner)).toMatchObject({
        sharesNetworkOf: id('bbbb1'),
        networkMode: `container:${id('bbbb1')}`,
      });
    }
    expect(container({ HostConfig: { NetworkMode: `container:${id('cccc')}` } }, owner).sharesNetworkOf).toBe(id('cccc'));
  });

  test('aliases of old and new engines, links of the default bridge and of others', () => {
    const found = container({
      HostConfig: { NetworkMode: 'bridge', Links: ['/db:/web/store'] },
      NetworkSettings: {
        Networks: {
          bridge: { NetworkID: 'b', IPAddress: '172.17.0.2', Aliases: null, Gateway: '172.17.0.1', MacAddress: '02:42:ac:11:00:02' },
          appnet: {
            NetworkID: 'n',
            IPAddress: '',
            GlobalIPv6Address: '2001:DB8::2',
            IPv6Gateway: '2001:db8::1',
            GwPriority: 5,
            Aliases: ['web', 'site'],
            DNSNames: ['web', 'aaaa00000000'],
            Links: ['cache:c'],
          },
          odd: null,
        },
      },
    });
    expect(found.endpoints).toMatchObject([
      { networkName: 'bridge', ipv4: '172.17.0.2', ipv6: null, gateway: '172.17.0.1', mac: '02:42:ac:11:00:02', aliases: [], links: ['db:store'] },
      {
        networkName: 'appnet',
        ipv4: null,
        ipv6: '2001:db8::2',
        gateway: '2001:db8::1',
        gatewayPriority: 5,
        aliases: ['web', 'site', 'aaaa00000000'],
        links: ['cache:c'],
      },
      { networkName: 'odd', ipv4: null, aliases: [] },
    ]);
  });

  test('hostile names, labels and hosts pass unchanged', () => {
    const evil = '"><script>\u001b[2J'.repeat(4000);
    expect(container({ Name: `/${evil}`, Config: { Hostname: evil, Labels: { [evil]: evil } } })).toMatchObject({
      name: evil,
      hostname: evil,
      labels: { [evil]: evil },
    });
  });
});

test('networks: the bridge of each', () => {
  const networks = parseNetworks(
    JSON.stringify([
      { Id: id('1234567890ab'), Name: 'z', Driver: 'bridge', Options: {} },
      { Id: id('2'), Name: 'bridge', Driver: 'bridge', Options: { 'com.docker.network.bridge.default_bridge': 'true' } },
      {
        Id: id('3'),
        Name: 'named',
        Driver: 'bridge',
        Options: { 'com.docker.network.bridge.name': 'br-mine' },
        IPAM: { Config: [{ Subnet: '172.30.0.0/24', Gateway: '', IPRange: '172.30.0.128/25' }] },
      },
      { Id: id('4'), Name: 'mv', Driver: 'macvlan', Options: null, Labels: null, IPAM: null, EnableIPv6: true },
    ]),
  );
  expect(networks.map((n) => [n.name, n.bridge, n.source.locator])).toEqual([
    ['bridge', 'docker0', '/1'],
    ['mv', null, '/3'],
    ['named', 'br-mine', '/2'],
    ['z', 'br-1234567890ab', '/0'],
  ]);
  expect(networks[2]?.ipam).toEqual([{ subnet: '172.30.0.0/24', gateway: null, ipRange: '172.30.0.128/25' }]);
});

test('the engine says which firewall it drives', () => {
  const info = parseInfo(JSON.stringify({ ID: 'x', Name: 'h1', Swarm: { LocalNodeState: 'active' }, FirewallBackend: { Driver: 'nftables' } }));
  expect(parseEngine('{"Version":"29.7.2","ApiVersion":"1.52"}', info, ['GET', 'unix:///run/docker.sock', '/version'])).toEqual({
    version: '29.7.2',
    apiVersion: '1.52',
    id: 'x',
    hostname: 'h1',
    firewallBackend: 'nftables',
    swarm: true,
    endpoint: 'unix:///run/docker.sock',
  });
});

const recorded = '../shared/fixtures/engines';
const engines = existsSync(recorded) ? readdirSync(recorded) : [];
(engines.length > 0 ? describe : describe.skip)('answers of real engines', () => {
  test.each(engines)('%s', (engine) => {
    const list = (file: string) =>
      `[${readFileSync(`${recorded}/${engine}/${file}`, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .join(',')}]`;
    const networks = parseNetworks(list('networks.ndjson'));
    const containers = parseContainers('h1', list('containers.ndjson'));
    expect(containers.length).toBeGreaterThan(0);
    const subnets = new Map(networks.map((n) => [n.id, n]));
    for (const c of containers) {
      expect(c.state).toBe('running');
      for (const e of c.endpoints) {
        expect(subnets.get(e.networkId)?.name).toBe(e.networkName);
        if (c.networkMode !== 'host' && c.networkMode !== 'none') expect(e.ipv4).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      }
    }
  });
});
