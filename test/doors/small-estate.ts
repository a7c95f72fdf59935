/** Two hosts, small enough to be read: web and db on one network, one port published, one name that is hostile. */
import type { EstateFacts, HostFacts } from '../../src/model/facts.ts';
import { type ContainerSketch, fact, hostFacts, id, type NetnsSketch, network } from '../support/estate.ts';

export const HOSTILE = 'evil\u001b[31m\u202e"<b>\n';

const route = (dst: string, dev: string, extra: Record<string, unknown> = {}) => ({ dst, dev, protocol: 'kernel', scope: 'link', flags: [], ...extra });
const local = (address: string, dev: string) => ({ type: 'local', dst: address, dev, table: 'local', protocol: 'kernel', scope: 'host', flags: [] });

const RULES = `*nat
:PREROUTING ACCEPT [5:300]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
[7:420] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
[1:60] -A POSTROUTING -s 172.18.0.0/16 ! -o br-app -j MASQUERADE
[3:180] -A DOCKER -d 10.0.0.1/32 ! -i br-app -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [9:540]
:OUTPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
[9:540] -A FORWARD -j DOCKER-USER
[0:0] -A FORWARD -i br-app -o br-app -j ACCEPT
[2:120] -A DOCKER-USER -s 10.0.0.66/32 -j DROP
COMMIT
`;

const hostNetns: NetnsSketch = {
  inode: '1',
  kind: 'host',
  names: [],
  links: [
    { name: 'eth0', index: 2, addresses: ['10.0.0.1/24'] },
    { name: 'br-app', index: 3, addresses: ['172.18.0.1/16'], kind: 'bridge' },
    { name: 'veth1', index: 4, kind: 'veth', peer: 10, nsid: 0, master: 'br-app' },
    { name: 'veth2', index: 5, kind: 'veth', peer: 10, nsid: 1, master: 'br-app' },
  ],
  routes: [route('10.0.0.0/24', 'eth0'), route('172.18.0.0/16', 'br-app'), local('10.0.0.1', 'eth0'), local('172.18.0.1', 'br-app'), local('127.0.0.1', 'lo')],
  listeners: 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* ino:501 sk:1 cgroup:/ <->\n',
  iptables: RULES,
};

const inside = (inode: string, container: string, address: string, listeners: string): NetnsSketch => ({
  inode,
  containers: [container],
  links: [{ name: 'eth0', index: 10, kind: 'veth', peer: inode === '2' ? 4 : 5, nsid: 0, addresses: [`${address}/16`] }],
  routes: [{ dst: 'default', gateway: '172.18.0.1', dev: 'eth0', flags: [] }, route('172.18.0.0/16', 'eth0'), local(address, 'eth0'), local('127.0.0.1', 'lo')],
  listeners,
  resolver: 'nameserver 127.0.0.11\n',
});

const WEB = id('aaa1');
const DB = id('bbb2');
const containers: readonly ContainerSketch[] = [
  {
    id: WEB,
    name: 'web',
    endpoints: [{ network: 'appnet', ipv4: '172.18.0.2', aliases: ['site'] }],
    asked: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
    given: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
  },
  { id: DB, name: 'db', endpoints: [{ network: 'appnet', ipv4: '172.18.0.3' }] },
  { id: id('ccc3'), name: HOSTILE, state: 'exited', endpoints: [{ network: 'appnet' }], labels: { long: 'x'.repeat(65_536) } },
];

/** The rules that every namespace is born with, ip-rule(8). */
const rules = (...inodes: readonly string[]) =>
  inodes.map((inode) =>
    fact(
      'ip.rule',
      [
        { priority: 0, src: 'all', table: 'local' },
        { priority: 32766, src: 'all', table: 'main' },
        { priority: 32767, src: 'all', table: 'default' },
      ],
      inode,
    ),
  );

export function hostOne(extra: { readonly networks?: readonly Record<string, unknown>[] } = {}): HostFacts {
  return hostFacts({
    name: 'h1',
    networks: [
      network('bridge'),
      network('appnet', { IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] }, Options: { 'com.docker.network.bridge.name': 'br-app' } }),
      ...(extra.networks ?? []),
    ],
    containers,
    instead: rules('1', '2', '3'),
    namespaces: [
      hostNetns,
      inside('2', WEB, '172.18.0.2', 'tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:* ino:601 sk:1 cgroup:/ <->\n'),
      inside('3', DB, '172.18.0.3', 'tcp LISTEN 0 128 0.0.0.0:5432 0.0.0.0:* ino:701 sk:1 cgroup:/ <->\n'),
    ],
  });
}

const hostTwo = (): HostFacts =>
  hostFacts({
    name: 'h2',
    namespaces: [
      {
        inode: '9',
        kind: 'host',
        links: [{ name: 'eth0', index: 2, addresses: ['10.0.0.2/24'] }],
        routes: [route('10.0.0.0/24', 'eth0'), local('10.0.0.2', 'eth0')],
      },
    ],
    instead: [...rules('9'), { source: 'docker.containers', netns: null, status: 'failed', reason: 'the engine did not answer within 5 s', data: '' }],
  });

export const smallEstate = (): EstateFacts => [hostOne(), hostTwo()];

/** The same with one network more. */
export const changedEstate = (): EstateFacts => [
  hostOne({ networks: [network('backnet', { IPAM: { Config: [{ Subnet: '172.19.0.0/16', Gateway: '172.19.0.1' }] } })] }),
  hostTwo(),
];
