/** An engine that is a small HTTP server on a unix socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dockerFacts } from '../../src/collectors/docker/collect.ts';
import { explain } from '../../src/collectors/docker/failure.ts';
import { collectEstate } from '../../src/collectors/index.ts';
import { isHere } from '../../src/collectors/transport/docker.ts';
import type { Fact } from '../../src/model/facts.ts';

const SECRET = 'hunter2';
const ID = 'ab'.repeat(32);

const inspected = {
  Id: ID,
  Name: '/web',
  Created: '2026-01-01T00:00:00Z',
  Path: SECRET,
  Args: [SECRET],
  Image: 'sha256:00',
  LogPath: SECRET,
  RestartCount: 2,
  State: { Status: 'running', Running: true, Pid: 42, ExitCode: 0, Error: SECRET, Health: { Status: 'healthy', Log: [{ Output: SECRET }] } },
  HostConfig: {
    Binds: [SECRET],
    NetworkMode: 'front',
    PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }], '81/tcp': null },
    LogConfig: { Config: { token: SECRET } },
    ExtraHosts: ['db:10.0.0.9'],
    RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    Sysctls: { a: SECRET },
  },
  Config: {
    Hostname: 'web',
    Env: [`PASSWORD=${SECRET}`],
    Cmd: ['sh', '-c', SECRET],
    Entrypoint: [SECRET],
    Healthcheck: { Test: [SECRET] },
    Image: 'shop/web:1',
    ExposedPorts: { '80/tcp': { x: SECRET } },
    Labels: { 'com.docker.compose.project': 'shop', 'db.password': SECRET, url: `amqp://u:${SECRET}@mq/` },
  },
  Mounts: [{ Source: SECRET }],
  NetworkSettings: {
    SandboxKey: '/var/run/docker/netns/abc',
    Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '81/tcp': null },
    Networks: { front: { NetworkID: 'n1', IPAddress: '172.18.0.2', IPPrefixLen: 16, Aliases: ['web'], DriverOpts: { secret: SECRET } } },
  },
  Unheard: { Of: SECRET },
};

type Route = (response: ServerResponse) => void;
const json =
  (value: unknown, status = 200): Route =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };

const healthy: Record<string, Route> = {
  '/version': json({ Version: '28.5.2', ApiVersion: '1.51', GitCommit: SECRET }),
  '/info': json({ ID: 'e', Name: 'h1', HttpProxy: `http://u:${SECRET}@proxy`, RegistryConfig: SECRET, FirewallBackend: { Driver: 'iptables' } }),
  '/networks': json([
    { Id: 'n1', Name: 'front', Driver: 'bridge', IPAM: { Config: [{ Subnet: '172.18.0.0/16' }] }, Options: { password: SECRET }, Peers: SECRET },
  ]),
  '/containers/json': json([{ Id: ID, Command: SECRET }]),
  [`/containers/${ID}/json`]: json(inspected),
};

describe('an engine', () => {
  let folder: string;
  let server: Server | null = null;
  const socket = (): string => join(folder, 'docker.sock');
  const serve = (routes: Record<string, Route>): Promise<void> => {
    server = createServer((request, response) => {
      const route = routes[(request.url ?? '').replace(/\?.*/, '')];
      (route ?? json({ message: 'no such thing' }, 404))(response);
    });
    return new Promise((resolve) => server?.listen(socket(), resolve));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwhy-docker-'));
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
    rmSync(folder, { recursive: true });
  });
  const ask = (timeoutMs = 2000): Promise<Fact[]> => dockerFacts({ endpoint: `unix://${socket()}`, root: '/', timeoutMs });
  const of = (facts: Fact[], source: string): Fact | undefined => facts.find((f) => f.source === source);

  test('tells its networks and containers', async () => {
    await serve(healthy);
    const facts = await ask();
    expect(facts.map((f) => [f.source, f.status])).toEqual([
      ['docker.version', 'ok'],
      ['docker.info', 'ok'],
      ['docker.networks', 'ok'],
      ['docker.containers', 'ok'],
    ]);
    expect(of(facts, 'docker.info')?.command).toEqual(['GET', `unix://${socket()}`, '/info']);
    const [container] = JSON.parse(of(facts, 'docker.containers')?.data ?? '');
    expect(container).toMatchObject({
      Id: ID,
      Name: '/web',
      RestartCount: 2,
      State: { Pid: 42, Health: { Status: 'healthy' } },
      HostConfig: { NetworkMode: 'front', ExtraHosts: ['db:10.0.0.9'], PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }], '81/tcp': null } },
      Config: { Image: 'shop/web:1', ExposedPorts: { '80/tcp': {} }, Labels: { 'com.docker.compose.project': 'shop', 'db.password': '(redacted)' } },
      NetworkSettings: { SandboxKey: '/var/run/docker/netns/abc', Networks: { front: { IPAddress: '172.18.0.2', Aliases: ['web'] } } },
    });
  });

  test('gives away no environment, command line, credential or field that was not asked for', async () => {
    await serve(healthy);
    expect(JSON.stringify(await ask())).not.toContain(SECRET);
  });

  test('whose container vanishes between list and inspect leaves it out', async () => {
    const other = 'cd'.repeat(32);
    await serve({ ...healthy, '/containers/json': json([{ Id: other }, { Id: ID }]) });
    const fact = of(await ask(), 'docker.containers');
    expect(JSON.parse(fact?.data ?? '').map((c: { Id: string }) => c.Id)).toEqual([ID]);
    expect(fact?.reason).toBeUndefined();
  });

  test('that cannot inspect one container still tells the others, and says which is missing', async () => {
    const other = 'cd'.repeat(32);
    await serve({ ...healthy, '/containers/json': json([{ Id: other }, { Id: ID }]), [`/containers/${other}/json`]: json({ message: 'broken' }, 500) });
    const fact = of(await ask(), 'docker.containers');
    expect(fact?.status).toBe('ok');
    expect(JSON.parse(fact?.data ?? '')).toHaveLength(1);
    expect(fact?.reason).toContain(other.slice(0, 12));
  });

  test('keeps the order of the list with many containers', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => i.toString(16).padStart(64, '0'));
    const routes = Object.fromEntries(ids.map((id) => [`/containers/${id}/json`, json({ Id: id, Name: `/${id}` })]));
    await serve({ ...healthy, ...routes, '/containers/json': json(ids.map((Id) => ({ Id }))) });
    expect(JSON.parse(of(await ask(), 'docker.containers')?.data ?? '').map((c: { Id: string }) => c.Id)).toEqual(ids);
  });

  test('that refuses one question fails only that fact', async () => {
    await serve({ ...healthy, '/networks': json({ message: 'forbidden by policy' }, 403) });
    const facts = await ask();
    expect(of(facts, 'docker.networks')).toMatchObject({ status: 'failed', data: '', reason: expect.stringMatching(/permission.*403.*forbidden by policy/) });
    expect(of(facts, 'docker.containers')?.status).toBe('ok');
  });

  test('that answers with nonsense fails with the place of the nonsense', async () => {
    await serve({ ...healthy, '/networks': json([{ Id: 7, Name: SECRET }]) });
    const fact = of(await ask(), 'docker.networks');
    expect(fact).toMatchObject({ status: 'failed', reason: expect.stringContaining('/0/Id') });
    expect(fact?.reason).not.toContain(SECRET);
  });

  test('that does not answer times out', async () => {
    await serve({ ...healthy, '/version': () => {} });
    expect(of(await ask(200), 'docker.containers')).toMatchObject({ status: 'failed', reason: expect.stringContaining('no answer in time') });
  });

  test('that is not there: says which socket was tried and what to set', async () => {
    const facts = await ask();
    expect(facts).toHaveLength(4);
    for (const fact of facts) {
      expect(fact.status).toBe('failed');
      expect(fact.reason).toContain(socket());
      expect(fact.reason).toContain('DOCKER_HOST');
    }
  });

  describe('whose containers change while the host is read', () => {
    const event = `${JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID, Attributes: { name: 'web' } } })}\n`;
    /** The list is asked for again and again; the first `times` times something happens meanwhile. */
    const collect = async (times: number, events?: Route): Promise<{ read: number; containers: string | undefined; version: string | undefined }> => {
      let read = 0;
      let stream: ServerResponse | null = null;
      await serve({
        ...healthy,
        '/events':
          events ??
          ((response) => {
            response.writeHead(200).flushHeaders();
            stream = response;
          }),
        '/containers/json': (response) => {
          if (read++ < times) stream?.write(event);
          json([])(response);
        },
      });
      const [host] = await collectEstate([{ name: 'h', docker: `unix://${socket()}`, namespaceOf: 'local', netnsFolders: [] }]);
      const facts = [...(host?.facts ?? [])];
      return { read, containers: of(facts, 'docker.containers')?.reason, version: of(facts, 'docker.version')?.reason };
    };

    test('is read once when nothing happens', async () => {
      expect(await collect(0)).toEqual({ read: 1 });
    });
    test('is read again', async () => {
      expect(await collect(1)).toEqual({ read: 2 });
    });
    test('is in doubt when it does not come to rest', async () => {
      expect(await collect(9)).toEqual({ read: 3, containers: expect.stringMatching(/^changed while they were read, 3 times \(container web: die\)/) });
    });
    test('is in doubt when the engine does not tell its events', async () => {
      expect(await collect(0, json({ message: 'not for you' }, 403))).toEqual({ read: 1, version: expect.stringMatching(/is not known: .*403.*not for you/) });
    });
  });

  test.each([
    ['permission denied', { code: 'EACCES' }, /group that owns the socket/],
    ['a name that does not resolve', { code: 'ENOTFOUND' }, /does not resolve/],
    ['several addresses that all refuse', { errors: [{ code: 'ECONNREFUSED' }] }, /nothing listens/],
    ['a bad certificate', new Error('self-signed certificate'), /self-signed certificate/],
  ])('that meets %s says what to do', (_name, error, reason) => {
    expect(explain('unix:///run/docker.sock', error)).toMatch(reason);
  });

  test('is not asked when the configuration says none', async () => {
    const facts = await dockerFacts({ endpoint: 'none', root: '/', timeoutMs: 100 });
    expect(facts.map((f) => f.status)).toEqual(['absent', 'absent', 'absent', 'absent']);
  });

  test.each([
    ['nonsense', /Invalid URL/],
    ['gopher://x', /none of unix/],
    ['tcp://127.0.0.1:1', /nothing listens/],
    [`tcp://joe:${SECRET}@127.0.0.1:1`, /nothing listens/],
  ])('named %s fails with a reason', async (endpoint, reason) => {
    const [fact] = await dockerFacts({ endpoint, root: '/', timeoutMs: 2000 });
    expect(fact).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(fact)).not.toContain(SECRET);
  });

  test.each([
    ['unix:///run/docker.sock', true],
    ['none', true],
    ['tcp://127.0.0.1:2375', true],
    ['tcp://[::1]:2375', true],
    ['tcp://192.0.2.1:2376', false],
    ['ssh://joe@192.0.2.1', false],
    ['ssh://localhost', false],
  ])('%s is on this machine: %s', (endpoint, here) => {
    expect(isHere(endpoint)).toBe(here);
  });
});
