import { describe, expect, test } from '@jest/globals';
import type { Listener } from '../../src/model/network.ts';
import { parseHosts, parseResolver } from '../../src/normalize/names.ts';
import { parseListeners } from '../../src/normalize/sockets.ts';
import { parseSysctls } from '../../src/normalize/sysctl.ts';

const nobody = { owners: {}, proxies: [], onlyContainer: null };

describe('ss -l -n -t -u', () => {
  test.each<[string, Partial<Listener>]>([
    [
      'tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:* ino:12010 sk:5 cgroup:/x <->',
      { protocol: 'tcp', family: 4, address: '0.0.0.0', port: 80, dev: null, v6only: false, inode: 12010 },
    ],
    ['tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:*', { inode: null }],
    [
      'udp UNCONN 0      0                       *:83       *:* ino:12013 sk:1 cgroup:unreachable:1 v6only:0 <->',
      { protocol: 'udp', family: 6, address: '::', port: 83, v6only: false },
    ],
    ['udp UNCONN 0      0                       *:83       *:*', { family: 6, address: '::', v6only: false }],
    ['udp UNCONN 0      0                    [::]:84    [::]:* ino:12014 sk:2 v6only:1 <->', { family: 6, address: '::', v6only: true }],
    ['tcp LISTEN 0 5 [::]:84 [::]:*', { family: 6, address: '::', v6only: true }],
    ['tcp LISTEN 0 5 [2001:DB8::1]:84 [::]:*', { family: 6, address: '2001:db8::1', v6only: false }],
    ['tcp LISTEN 0 5 [::1]:88 [::]:* ino:1 sk:3 v6only:1 <->', { address: '::1', v6only: true }],
    ['tcp LISTEN 0 128 127.0.0.1%lo:86 0.0.0.0:*', { address: '127.0.0.1', dev: 'lo', port: 86 }],
    ['udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*', { address: '127.0.0.53', dev: 'lo', port: 53 }],
    ['udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*', { address: 'fe80::1', dev: 'eth0', port: 546 }],
    ['udp UNCONN 0 0 [fe80::1%eth0]:546 [::]:*', { address: 'fe80::1', dev: 'eth0', port: 546 }],
    ['tcp LISTEN 0 128 *%lo:87 *:* ino:12018 sk:7 v6only:0 <->', { family: 6, address: '::', dev: 'lo', v6only: false }],
    ['tcp LISTEN 0 128 [::ffff:127.0.0.1]:85 *:* ino:12016 sk:6 v6only:0 <->', { family: 4, address: '127.0.0.1', port: 85, v6only: false }],
  ])('%s', (line, expected) => {
    expect(parseListeners(line, nobody)[0]).toMatchObject(expected);
  });

  test('connected sockets, raw sockets and blank lines are no listeners', () => {
    expect(parseListeners('\ntcp ESTAB 0 0 10.0.0.1:80 10.0.0.2:999\nudp UNCONN 0 0 0.0.0.0:* 0.0.0.0:*\n', nobody)).toEqual([]);
  });

  test.each([['sctp LISTEN 0 0 0.0.0.0:80 0.0.0.0:*'], ['tcp LISTEN 0 0 :::80 :::*'], ['tcp LISTEN 0 0'], ['bash: ss: command not found']])(
    '%s is not understood',
    (line) => {
      expect(() => parseListeners(line, nobody)).toThrow();
    },
  );

  test('the owner is the process that holds the inode, or the proxy of the port, or the only container', () => {
    const owners = { '5': { pid: 77, comm: 'nginx\u001b[31m', containerId: 'abc' } };
    const proxies = [
      { pid: 9, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080, containerIp: '172.17.0.2', containerPort: 80 },
      { pid: 10, protocol: 'tcp', hostIp: '::', hostPort: 8080, containerIp: '172.17.0.2', containerPort: 80 },
    ];
    const text = [
      'tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:* ino:5 <->',
      'tcp LISTEN 0 5 0.0.0.0:8080 0.0.0.0:*',
      'tcp LISTEN 0 5 [::]:8080 [::]:*',
      'udp UNCONN 0 0 0.0.0.0:8080 0.0.0.0:*',
    ].join('\n');
    expect(parseListeners(text, { owners, proxies, onlyContainer: 'def' }).map((l) => [l.pid, l.process, l.containerId, l.source.locator])).toEqual([
      [77, 'nginx\u001b[31m', 'abc', 'line 1'],
      [9, 'docker-proxy', null, 'line 2'],
      [10, 'docker-proxy', null, 'line 3'],
      [null, null, 'def', 'line 4'],
    ]);
  });
});

test('sysctl lines lose net. and keep slashes', () => {
  expect([
    ...parseSysctls(
      'net.ipv4.ip_forward = 1\nnet.ipv4.conf.eth0/100.rp_filter = 2\nnet.ipv4.ip_local_port_range = 32768\t60999\nnet.netfilter.nf_log.0 =\nnet.x=y = z\n',
    ),
  ]).toEqual([
    ['ipv4.ip_forward', '1'],
    ['ipv4.conf.eth0/100.rp_filter', '2'],
    ['ipv4.ip_local_port_range', '32768\t60999'],
    ['netfilter.nf_log.0', ''],
    ['x=y', 'z'],
  ]);
  expect(() => parseSysctls('sysctl: permission denied\n')).toThrow();
});

test('resolv.conf: the last search wins, ndots is 1 unless said', () => {
  expect(
    parseResolver(
      '# made by x\nnameserver 127.0.0.11\n;nameserver 9.9.9.9\nnameserver 10.0.0.2 \ndomain a.test\nsearch b.test c.test\noptions ndots:5 edns0\n',
    ),
  ).toEqual({
    nameservers: ['127.0.0.11', '10.0.0.2'],
    search: ['b.test', 'c.test'],
    ndots: 5,
  });
  expect(parseResolver('')).toEqual({ nameservers: [], search: [], ndots: 1 });
});

test('hosts: several names, comments, lines that are no entries', () => {
  expect(parseHosts('127.0.0.1\tlocalhost  lo # here\n# 10.0.0.1 not\n\nnonsense x\n10.0.0.9\nFE80::1 six\n')).toEqual([
    { address: '127.0.0.1', names: ['localhost', 'lo'] },
    { address: 'fe80::1', names: ['six'] },
  ]);
});
