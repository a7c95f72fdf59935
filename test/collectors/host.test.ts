/** What /proc and the folders of a host say, with folders of our own in their place. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { placeContainers } from '../../src/collectors/container-places.ts';
import { parseProxy } from '../../src/collectors/docker-proxy.ts';
import { collectEstate, defaultHost } from '../../src/collectors/index.ts';
import { listNamespaces } from '../../src/collectors/namespaces.ts';
import { ownersOfSockets } from '../../src/collectors/sockets.ts';
import { sysctlLines } from '../../src/collectors/sysctl.ts';
import { readBelow } from '../../src/collectors/transport/below.ts';
import { listProcesses } from '../../src/collectors/transport/processes.ts';
import { HOST_SOURCES, NETNS_SOURCES } from '../../src/model/facts.ts';

const linux = process.platform === 'linux' ? describe : describe.skip;
const WEB = 'ab'.repeat(32);
const DB = 'cd'.repeat(32);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'netwhy-host-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function fakeProcess(pid: number, netns: string, { comm = 'sh', cgroup = '0::/', sockets = [] as string[] } = {}): void {
  const folder = join(root, String(pid));
  mkdirSync(join(folder, 'ns'), { recursive: true });
  mkdirSync(join(folder, 'fd'));
  symlinkSync(`net:[${netns}]`, join(folder, 'ns', 'net'));
  writeFileSync(join(folder, 'comm'), `${comm}\n`);
  writeFileSync(join(folder, 'cgroup'), `${cgroup}\n`);
  for (const [i, socket] of sockets.entries()) symlinkSync(`socket:[${socket}]`, join(folder, 'fd', String(i)));
}

describe('the namespaces of a host', () => {
  test('are its own, those of containers, named ones and those of other processes', async () => {
    fakeProcess(1, '100');
    fakeProcess(7, '200');
    fakeProcess(8, '200');
    fakeProcess(9, '300');
    const seen = listNamespaces({
      own: '100',
      ownPath: '/proc/1/ns/net',
      proc: root,
      processes: await listProcesses(root),
      files: [
        { inode: '200', name: 'abc', path: '/run/docker/netns/abc' },
        { inode: '400', name: 'blue', path: '/run/netns/blue' },
        { inode: '100', name: 'default', path: '/run/docker/netns/default' },
      ],
      containers: [
        { id: WEB, pid: 8, inode: '200' },
        { id: DB, pid: null, inode: '200' },
      ],
    });
    expect(seen.map(({ inode, kind, names, pids, containerIds }) => ({ inode, kind, names, pids, containerIds }))).toEqual([
      { inode: '100', kind: 'host', names: ['default'], pids: [1], containerIds: [] },
      { inode: '200', kind: 'container', names: ['abc'], pids: [8, 7], containerIds: [WEB, DB] },
      { inode: '300', kind: 'process', names: [], pids: [9], containerIds: [] },
      { inode: '400', kind: 'named', names: ['blue'], pids: [], containerIds: [] },
    ]);
    expect(seen[1]?.paths).toEqual(['/run/docker/netns/abc', `${root}/8/ns/net`]);
  });

  test('list at most five processes each, and skip zombies', async () => {
    for (let pid = 1; pid < 10; pid++) fakeProcess(pid, '100');
    fakeProcess(10, '200');
    rmSync(join(root, '10', 'ns', 'net'));
    const processes = await listProcesses(root);
    expect(processes.at(-1)).toMatchObject({ pid: 10, netns: null, hidden: false });
    const [own, ...others] = listNamespaces({ own: '100', ownPath: 'x', proc: root, processes, files: [], containers: [] });
    expect(own?.pids).toEqual([1, 2, 3, 4, 5]);
    expect(others).toEqual([]);
  });
});

describe('a container', () => {
  const web = { id: WEB, pid: 42, sandboxKey: '/var/run/docker/netns/abc' };

  test('is where its process is, when the cgroup names it', () => {
    fakeProcess(42, '200', { cgroup: `12:net_cls:/docker/${WEB}` });
    expect(placeContainers([root], [web], [])).toEqual([{ id: WEB, pid: 42, inode: '200' }]);
  });

  test('is not taken to be another process that bears its number', () => {
    fakeProcess(42, '200', { cgroup: `0::/docker/${DB}` });
    expect(placeContainers([root], [web], [])).toEqual([]);
  });

  test('is where its sandbox is, when its process cannot be seen', () => {
    expect(placeContainers([root], [web], [{ inode: '300', name: 'abc', path: '/x/abc' }])).toEqual([{ id: WEB, pid: null, inode: '300' }]);
  });

  test("is found through the engine's own /proc, without a pid that means anything here", () => {
    const inner = join(root, 'inner');
    mkdirSync(inner);
    fakeProcess(1, '100');
    mkdirSync(join(inner, '42', 'ns'), { recursive: true });
    symlinkSync('net:[200]', join(inner, '42', 'ns', 'net'));
    writeFileSync(join(inner, '42', 'cgroup'), `0::/docker/${WEB}`);
    expect(placeContainers([root, inner], [web], [])).toEqual([{ id: WEB, pid: null, inode: '200' }]);
  });
});

describe('a socket', () => {
  const ss = {
    source: 'ss',
    netns: '200',
    status: 'ok',
    data: 'tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:* ino:5001 sk:1\ntcp LISTEN ino:5002\nudp UNCONN ino:0\n',
  } as const;
  const namespaces = listNamespaces({
    own: '100',
    ownPath: 'x',
    proc: '/proc',
    processes: [],
    files: [],
    containers: [
      { id: WEB, pid: 8, inode: '200' },
      { id: DB, pid: 9, inode: '300' },
    ],
  });

  test("belongs to the process that holds it, by cgroup or by the namespace's only container", async () => {
    fakeProcess(1, '100', { comm: 'dockerd', sockets: ['5002', '6000'] });
    fakeProcess(8, '200', { comm: 'httpd', sockets: ['5001'] });
    expect(await ownersOfSockets(root, [ss], await listProcesses(root), namespaces)).toEqual({
      '5001': { pid: 8, comm: 'httpd', netns: '200', containerId: WEB },
      '5002': { pid: 1, comm: 'dockerd', netns: '100', containerId: null },
    });
  });

  test('of a container on the host network is known by its cgroup', async () => {
    fakeProcess(8, '100', { cgroup: `0::/system.slice/docker-${DB}.scope`, sockets: ['5001'] });
    expect(await ownersOfSockets(root, [ss], await listProcesses(root), namespaces)).toMatchObject({ '5001': { containerId: DB } });
  });
});

describe('docker-proxy', () => {
  const argv = ['/usr/bin/docker-proxy', '-proto', 'tcp', '-host-ip', '0.0.0.0', '-host-port', '8080', '-container-ip', '172.17.0.2', '-container-port', '80'];
  const parsed = { pid: 7, proto: 'tcp', hostIp: '0.0.0.0', hostPort: 8080, containerIp: '172.17.0.2', containerPort: 80 };

  test.each([
    ['with values apart', argv],
    ['with two dashes', argv.map((a) => a.replace(/^-(?=[a-z])/, '--'))],
    ['with equals signs', [argv[0] ?? '', ...[1, 3, 5, 7, 9].map((i) => `${argv[i]}=${argv[i + 1]}`)]],
    ['with flags of later versions', [...argv, '-use-listen-fd', '']],
  ])('is understood %s', (_name, given) => {
    expect(parseProxy(7, given)).toEqual(parsed);
  });

  test.each([
    ['without a port', argv.slice(0, -2)],
    ['with a port that is none', argv.with(6, '99999')],
    ['with nothing', []],
  ])('is not guessed at %s', (_name, given) => {
    expect(parseProxy(7, given)).toBeNull();
  });
});

describe('sysctls', () => {
  test('are written as sysctl(8) writes them, dots of interface names as slashes', () => {
    const grep = 'ipv4/ip_local_port_range:32768\t60999\nipv4/conf/eth0.100/rp_filter:1\nbridge/bridge-nf-call-iptables:1\nBinary file x matches\n';
    expect(sysctlLines(grep)).toBe(
      'net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.conf.eth0/100.rp_filter = 1\nnet.ipv4.ip_local_port_range = 32768\t60999\n',
    );
  });
});

linux('a file below the root of a container', () => {
  beforeEach(() => {
    mkdirSync(join(root, 'etc'));
    mkdirSync(join(root, 'run'));
    writeFileSync(join(root, 'run', 'real'), 'inside\n');
  });
  const read = (limit = 1000): Promise<string | null> => readBelow(root, '/etc/hosts', limit);

  test.each([
    ['relative', '../run/real'],
    ['absolute', '/run/real'],
    ['climbing above the root', '../../../../../../run/real'],
  ])('is read through a symlink, %s, that stays below it', async (_name, target) => {
    symlinkSync(target, join(root, 'etc', 'hosts'));
    expect(await read()).toBe('inside\n');
  });

  test.each([
    ['an absolute symlink', () => symlinkSync('/etc/passwd', join(root, 'etc', 'hosts'))],
    ['a relative one', () => symlinkSync('../../../../../../../../etc/passwd', join(root, 'etc', 'hosts'))],
    [
      'a folder that is one',
      () => {
        rmSync(join(root, 'etc'), { recursive: true });
        symlinkSync('/etc', join(root, 'etc'));
      },
    ],
    ['our own environment', () => symlinkSync('/proc/self/environ', join(root, 'etc', 'hosts'))],
    ['nothing', () => {}],
  ])('never leads to the machine by %s', async (_name, make) => {
    make();
    const text = await read().catch((error: Error) => error.message);
    expect(text === null || text.includes('ELOOP') || text.includes('symlinks')).toBe(true);
  });

  test('that is too large or no file at all is refused', async () => {
    writeFileSync(join(root, 'etc', 'hosts'), 'x'.repeat(1001));
    await expect(read()).rejects.toThrow('larger than 1000 bytes');
    rmSync(join(root, 'etc', 'hosts'));
    mkdirSync(join(root, 'etc', 'hosts'));
    await expect(read()).rejects.toThrow('not a regular file');
  });

  test('of procfs is refused, for it could be our own', async () => {
    await expect(readBelow('/', '/proc/self/environ', 1_000_000)).rejects.toThrow('not a regular file');
  });
});

linux('a collection', () => {
  test('of a process that does not exist fails, and says what to correct', async () => {
    const [facts] = await collectEstate([{ name: 'h', docker: 'none', namespaceOf: 999999999, netnsFolders: [] }]);
    expect(facts?.facts.find((f) => f.source === 'host.namespaces')).toMatchObject({ status: 'failed', reason: expect.stringContaining('namespaceOf') });
    expect(facts?.facts.map((f) => f.source).sort()).toEqual([...HOST_SOURCES].sort());
  });

  test("of a remote engine does not take this machine's namespaces for the engine's", async () => {
    const [facts] = await collectEstate([{ name: 'h', docker: 'tcp://192.0.2.1:2375', namespaceOf: 'local', netnsFolders: [] }], { timeoutMs: 100 });
    expect(facts?.facts.find((f) => f.source === 'host.namespaces')).toMatchObject({ status: 'failed', reason: expect.stringContaining('another machine') });
  });

  test('has every source of every namespace once, hosts by name', async () => {
    const stages: string[] = [];
    const host = { ...defaultHost(), docker: 'none', netnsFolders: [] };
    const estate = await collectEstate(
      [
        { ...host, name: 'z' },
        { ...host, name: 'a' },
      ],
      { onProgress: ({ stage }) => stages.push(stage) },
    );
    expect(estate.map((h) => h.host)).toEqual(['a', 'z']);
    const facts = estate[0]?.facts ?? [];
    const [own] = JSON.parse(facts.find((f) => f.source === 'host.namespaces')?.data ?? '[]');
    expect(own.kind).toBe('host');
    expect(
      facts
        .filter((f) => f.netns === own.inode)
        .map((f) => f.source)
        .sort(),
    ).toEqual([...NETNS_SOURCES].sort());
    expect(stages).toContain('namespaces');
  }, 30_000);
});
