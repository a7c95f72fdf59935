/**
 * A host around a rule set of Docker's own tests: bridge br-dummy with containers `web` (listening on 80 and 81) and `other`,
 * and a neighbour `lan` that routes the bridge's addresses through the host. `web` publishes 80 as 8080.
 */
import { buildModel } from '../../src/normalize/index.ts';
import { fact, hostFacts, id, type LinkSketch, type NetnsSketch } from '../support/estate.ts';

export interface GoldenPlan {
  readonly family: 4 | 6;
  readonly source: 'iptables-nft' | 'ip6tables-nft' | 'nft';
  readonly rules: string;
}

interface Plan {
  readonly bridge: string;
  readonly web: string;
  readonly other: string;
  readonly host: string;
  /** What the rules translate sources to. */
  readonly snat: string;
  readonly lan: string;
  readonly inside: string;
  readonly outside: string;
  readonly loopback: string;
}

export const PLANS: Readonly<Record<4 | 6, Plan>> = {
  4: {
    bridge: '192.168.0.100',
    web: '192.168.0.2',
    other: '192.168.0.3',
    host: '192.168.122.10',
    snat: '192.168.123.0',
    lan: '192.168.122.20',
    inside: '192.168.0.0/24',
    outside: '192.168.122.0/23',
    loopback: '127.0.0.1',
  },
  6: {
    bridge: 'fd49:efd7:54aa::64',
    web: 'fd49:efd7:54aa::1',
    other: 'fd49:efd7:54aa::3',
    host: 'fd34:d0d4:672f::10',
    snat: 'fd34:d0d4:672f::123',
    lan: 'fd34:d0d4:672f::20',
    inside: 'fd49:efd7:54aa::/64',
    outside: 'fd34:d0d4:672f::/64',
    loopback: '::1',
  },
};

const INODES = { host: '100', web: '101', other: '102', lan: '103' } as const;
const LISTENS = ['80', '81'].map((port) => `tcp LISTEN 0 9 *:${port} *:* ino:${port} sk:1 cgroup:/ v6only:0 <->`).join('\n');
const SYSCTLS = [
  'net.bridge.bridge-nf-call-iptables = 1',
  'net.bridge.bridge-nf-call-ip6tables = 1',
  'net.ipv4.ip_forward = 1',
  'net.ipv4.conf.all.route_localnet = 1',
  'net.ipv4.conf.all.rp_filter = 0',
  'net.ipv6.conf.all.forwarding = 1',
  'net.ipv4.ip_default_ttl = 64',
  '',
].join('\n');
const RULES = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 32766, src: 'all', table: 'main' },
];

const mac = (n: number) => `02:42:00:00:00:0${n}`;

function routes(own: readonly string[], subnet: string, dev: string): unknown[] {
  const common = { dev, protocol: 'kernel', flags: [] };
  return [{ dst: subnet, scope: 'link', ...common }, ...own.map((dst) => ({ type: 'local', dst, table: 'local', scope: 'host', ...common }))];
}

/** All four namespaces; `rules` stand on the host, and every other rule source there is empty. */
export function goldenModel({ family, source, rules }: GoldenPlan) {
  const plan = PLANS[family];
  const length = (subnet: string) => subnet.split('/')[1];
  const at = (address: string, subnet: string) => `${address}/${length(subnet)}`;
  const eth0 = (index: number, peer: number, address: string, subnet: string): LinkSketch => ({
    name: 'eth0',
    index,
    kind: 'veth',
    peer,
    nsid: 0,
    mac: mac(index),
    addresses: [at(address, subnet)],
  });
  const port = (index: number, peer: number, nsid: number): LinkSketch => ({
    name: `veth${index}`,
    index,
    kind: 'veth',
    peer,
    nsid,
    master: 'br-dummy',
    mac: mac(index),
  });
  const listed = new Map<string, unknown[]>([
    [INODES.host, [...routes([plan.bridge], plan.inside, 'br-dummy'), ...routes([plan.host, plan.snat], plan.outside, 'eth0')]],
    [INODES.web, [{ dst: 'default', gateway: plan.bridge, dev: 'eth0', flags: [] }, ...routes([plan.web], plan.inside, 'eth0')]],
    [INODES.other, [{ dst: 'default', gateway: plan.bridge, dev: 'eth0', flags: [] }, ...routes([plan.other], plan.inside, 'eth0')]],
    [INODES.lan, [{ dst: plan.inside, gateway: plan.host, dev: 'eth0', flags: [] }, ...routes([plan.lan], plan.outside, 'eth0')]],
  ]);
  const namespaces: NetnsSketch[] = [
    {
      inode: INODES.host,
      kind: 'host',
      links: [
        { name: 'eth0', index: 2, kind: 'veth', peer: 9, nsid: 3, mac: mac(2), addresses: [at(plan.host, plan.outside), at(plan.snat, plan.outside)] },
        { name: 'br-dummy', index: 3, kind: 'bridge', mac: mac(3), addresses: [at(plan.bridge, plan.inside)] },
        port(4, 5, 1),
        port(6, 7, 2),
      ],
      sysctls: SYSCTLS,
    },
    { inode: INODES.web, containers: [id('a1')], links: [eth0(5, 4, plan.web, plan.inside)], listeners: LISTENS, sysctls: SYSCTLS },
    { inode: INODES.other, containers: [id('a2')], links: [eth0(7, 6, plan.other, plan.inside)], sysctls: SYSCTLS },
    { inode: INODES.lan, names: ['lan'], links: [eth0(9, 2, plan.lan, plan.outside)], listeners: LISTENS, sysctls: SYSCTLS },
  ];
  const local = { dst: plan.loopback, type: 'local', table: 'local', dev: 'lo', protocol: 'kernel', flags: [] };
  const instead = [
    ...namespaces.flatMap(({ inode }) => [
      fact(family === 4 ? 'ip.route' : 'ip.route6', [local, ...listed.get(inode)!], inode),
      fact(family === 4 ? 'ip.rule' : 'ip.rule6', RULES, inode),
    ]),
    fact(
      'bridge.link',
      [4, 6].map((i) => ({ ifname: `veth${i}`, master: 'br-dummy', state: 'forwarding' })),
      INODES.host,
    ),
    fact('bridge.vlan', [], INODES.host),
    fact('bridge.fdb', [], INODES.host),
    fact(source, rules, INODES.host),
  ];
  const containers = [
    { id: id('a1'), name: 'web', mode: 'bridge', endpoints: [] },
    { id: id('a2'), name: 'other', mode: 'bridge', endpoints: [] },
  ];
  return buildModel([hostFacts({ name: 'h', containers, namespaces, instead })]);
}
