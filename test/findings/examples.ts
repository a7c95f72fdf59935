/** For every rule an estate in which it finds something, and one much alike in which it does not. */
import { readRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts, FactSource } from '../../src/model/facts.ts';
import type { FindingCode } from '../../src/model/finding.ts';
import { hostOne } from '../doors/small-estate.ts';

type Estate = () => Promise<EstateFacts>;

export interface Example {
  readonly found: Estate;
  /** Host and sentence of what is found. */
  readonly finds: readonly (readonly [host: string, text: RegExp])[];
  readonly clean: Estate;
}

const read = new Map<string, Promise<EstateFacts>>();
const reading = (path: string): Promise<EstateFacts> => {
  const facts = read.get(path) ?? readRecording(path);
  read.set(path, facts);
  return facts;
};

export const recorded =
  (name: string): Estate =>
  () =>
    reading(`test/recordings/${name}/facts.tar.gz`);
const healthy: Estate = () => reading('demo/estate-before.tar.gz');

const HOST = '1';
const WEB = '2';

/** The small host, run for a day, with the text of one fact changed. */
const small = (source: FactSource | null = null, netns: string | null = null, edit: (data: string) => string = (data) => data): Estate => {
  const host = hostOne();
  const facts = host.facts.map((fact) => {
    const old = fact.source === 'docker.containers' ? { ...fact, data: fact.data.replaceAll('2026-01-01T', '2025-12-31T') } : fact;
    return fact.source === source && fact.netns === netns ? { ...old, data: edit(old.data) } : old;
  });
  return async () => [{ ...host, facts }];
};

const sysctls = (text: string) => small('sysctl', HOST, (data) => data + text);
const inJson = (edit: (all: Record<string, object>[]) => unknown) => (data: string) => JSON.stringify(edit(JSON.parse(data)));
const unhealthy = inJson((all) => all.map((one, i) => (i === 0 ? { ...one, State: { ...one.State, Health: { Status: 'unhealthy' } } } : one)));
const route = (dst: string) => inJson((all) => [...all, { dst, dev: 'eth0', gateway: '10.0.0.254', protocol: 'static', flags: [] }]);
const noFacts: Estate = async () => [
  {
    ...hostOne(),
    facts: hostOne()
      .facts.filter(({ netns }) => netns === null)
      .map((fact) => ({ ...fact, status: 'failed', reason: 'no route to h1', data: '' })),
  },
];

export const EXAMPLES: Readonly<Record<FindingCode, Example>> = {
  HOST_UNREADABLE: { found: noFacts, finds: [['h1', /^Nothing could be read from h1: no route to h1/]], clean: small() },
  CONNTRACK_FULL: {
    found: sysctls('net.netfilter.nf_conntrack_count = 65530\nnet.netfilter.nf_conntrack_max = 65536\n'),
    finds: [['h1', /^65530 of 65536 connections/]],
    clean: sysctls('net.netfilter.nf_conntrack_count = 40000\nnet.netfilter.nf_conntrack_max = 65536\n'),
  },
  LINK_DOWN: {
    found: recorded('the-bridge-is-down'),
    finds: [
      ['e20', /^br-\w+, the bridge of network back with 2 running containers, is down/],
      ['e20legacy', /network back/],
    ],
    clean: healthy,
  },
  BRIDGE_PORT_MISSING: {
    found: recorded('beside'),
    finds: [
      ['e20legacy', /the host's end of adrift-e20legacy's link, is not a port of br-\w+, the bridge of network front/],
      ['e28', /adrift-e28/],
    ],
    clean: healthy,
  },
  GATEWAY_ADDRESS_MISSING: {
    found: recorded('beside'),
    finds: [
      ['e20', /does not have 10.120.22.1, the gateway of network bare/],
      ['e26', /network bare/],
    ],
    clean: healthy,
  },
  IP_FORWARD_OFF: {
    found: recorded('ip-forward-0'),
    finds: [
      ['e20', /^e20 does not forward IPv4 packets/],
      ['e28', /^e28 does not/],
    ],
    clean: healthy,
  },
  ENGINE_RULES_MISSING: {
    found: recorded('firewalls-3'),
    finds: [
      ['e20', /^No rule of e20 translates any of the 7 ports/],
      ['e28', /^No rule of e28/],
    ],
    clean: recorded('firewalls-1'),
  },
  FORWARD_POLICY_DROP: {
    found: recorded('the-policy-of-FORWARD-alone-with-the-rules-of-Docker-gone'),
    finds: [
      ['e20', /^The policy of filter FORWARD drops what containers of back, bridge, front, quiet send/],
      ['e20legacy', /FORWARD/],
    ],
    clean: healthy,
  },
  NO_DEFAULT_ROUTE: {
    found: recorded('no-default-route-in-the-container'),
    finds: [
      ['e20', /^api-e20 has no default route, though network front has the gateway 10.120.16.1/],
      ['e28', /^api-e28 has/],
    ],
    clean: healthy,
  },
  DUPLICATE_ADDRESS: {
    found: recorded('beside'),
    finds: [
      ['e20noproxy', /^172.22.0.2 in network twice is an address of first-e20noproxy and of second-e20noproxy/],
      ['e28', /first-e28 and of second-e28/],
    ],
    clean: healthy,
  },
  SUBNET_OVERLAP: {
    found: small('ip.route', HOST, route('172.18.7.0/24')),
    finds: [['h1', /^172.18.7.0\/24 is routed by 10.0.0.254 eth0, though it lies in 172.18.0.0\/16, the subnet of network appnet/]],
    clean: small('ip.route', HOST, route('172.19.7.0/24')),
  },
  SHARED_NAMESPACE_OWNER_STOPPED: {
    found: recorded('beside'),
    finds: [
      ['e20legacy', /^child-e20legacy shares the network of parent-e20legacy, which was restarted since/],
      ['e28', /child-e28/],
    ],
    clean: healthy,
  },
  CONTAINER_RESTARTING: {
    found: recorded('beside'),
    finds: [
      ['e20', /^loop-e20 was restarted 10 times and is down after exit code 1/],
      ['e20noproxy', /^loop-e20noproxy/],
    ],
    clean: healthy,
  },
  CONTAINER_UNHEALTHY: { found: small('docker.containers', null, unhealthy), finds: [['h1', /^The health check of web fails/]], clean: small() },
  EXPOSED_DESPITE_FIREWALL: {
    found: recorded('INPUT-with-policy-DROP-lets-published-ports-through-not-services'),
    finds: ['e26', 'e28'].flatMap((host) =>
      [
        'api-HOST is .* port 8053 .udp.',
        'api-HOST is .* port 8080 .tcp.',
        'api-HOST is .* port 8083 .tcp.',
        'plain-HOST is .* port 8090 .tcp.',
        'quiet2-HOST is .* port 8095 .tcp.',
      ].map((text) => [host, new RegExp(`^${text.replace('HOST', host)}, though filter INPUT of ${host} refuses it`)] as const),
    ),
    clean: healthy,
  },
  ICC_NOT_ENFORCED: {
    found: recorded('without-br-netfilter-a-bridge-asks-no-FORWARD-rule'),
    finds: [
      ['e20legacy', /^quiet1-e20legacy reaches quiet2-e20legacy on network quiet/],
      ['e20noproxy', /network quiet/],
    ],
    clean: healthy,
  },
  UNREACHABLE_NAMESERVER: {
    found: recorded('ip-forward-0'),
    finds: [
      ['e20', /^2 containers of network bridge ask 10.77.0.254 for names, and do not reach it/],
      ['e28', /^2 containers/],
    ],
    clean: healthy,
  },
  ACCEPT_QUEUE_FULL: {
    found: small('ss', WEB, (data) => data.replace('LISTEN 0 128', 'LISTEN 129 128')),
    finds: [['h1', /^The program in web does not accept the connections to port 80: 129 wait, and its backlog is 128/]],
    clean: small('ss', WEB, (data) => data.replace('LISTEN 0 128', 'LISTEN 128 128')),
  },
  LISTENS_ON_LOOPBACK_ONLY: {
    found: small('ss', WEB, (data) => data.replace('0.0.0.0:80', '127.0.0.1:80')),
    finds: [['h1', /^web publishes 8080 → 80\/tcp, but its program listens there on 127.0.0.1 only/]],
    clean: small(),
  },
  PORT_WITHOUT_LISTENER: {
    found: small('ss', WEB, (data) => data.replace('0.0.0.0:80', '0.0.0.0:81')),
    finds: [['h1', /^web publishes 8080 → 80\/tcp, but nobody listens there; it listens on tcp 81/]],
    clean: small(),
  },
  PUBLISHED_ON_INTERNAL_NETWORK: {
    found: recorded('beside'),
    finds: [
      ['e20', /^mute-e20 would publish 8094 → 80\/tcp, but is only on inner, which is internal/],
      ['e20noproxy', /^mute-e20noproxy/],
    ],
    clean: healthy,
  },
  STALE_DNAT: {
    found: small('iptables-nft', HOST, (rules) => rules.replace('-j DNAT --to-destination 172.18.0.2:80', '-j DNAT --to-destination 172.18.0.9:80')),
    finds: [['h1', /^Rule 1 of nat DOCKER translates to 172.18.0.9 in network appnet, an address that no container has/]],
    clean: small(),
  },
  STALE_PROXY: {
    found: recorded('beside'),
    finds: [
      ['e20', /^docker-proxy 1975 holds 0.0.0.0:8096\/tcp for 10.120.16.99:80/],
      ['e26', /docker-proxy/],
    ],
    clean: healthy,
  },
  LEGACY_AND_NFT: {
    found: recorded('iptables-legacy-drops-what-iptables-nft-shows-open'),
    finds: [
      ['e20', /^e20 has 1 rule in iptables-legacy and 65 in iptables-nft/],
      ['e28', /^e28 has/],
    ],
    clean: healthy,
  },
  MTU_MISMATCH: {
    found: recorded('firewalls-7'),
    finds: ['back', 'bridge', 'front', 'quiet'].map(
      (name) => ['e28', new RegExp(`^Network ${name} has an MTU of 1500, but eth0, which leads out, takes 1400`)] as const,
    ),
    clean: healthy,
  },
};
