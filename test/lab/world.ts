/** What stands on every host of the lab before any scenario: networks of each kind, containers in them, ports published in each way. */
import type { HostPlan } from './hosts.ts';
import type { Step } from './scenario.ts';

/** Address pools of its own, so that routes to the containers can be told apart. The hosts without keep Docker's defaults and overlap, as real ones do. */
const own = (n: number): string[] => ['--bip', `10.${n}.0.1/24`, '--default-address-pool', `base=10.${n}.16.0/20,size=24`];

export const HOSTS: readonly HostPlan[] = [
  { name: 'e20', engine: '20.10', iptables: 'nft', daemonFlags: own(120) },
  { name: 'e20legacy', engine: '20.10', iptables: 'legacy' },
  { name: 'e20noproxy', engine: '20.10', iptables: 'nft', daemonFlags: ['--userland-proxy=false'] },
  { name: 'e26', engine: '26.1', iptables: 'nft', daemonFlags: own(126) },
  { name: 'e28', engine: '28.5', iptables: 'nft', daemonFlags: own(128) },
];

/** A container that runs busybox's web server. */
export const web = (name: string, options: string, port: number | string = 80): Step => ({
  docker: `run -d --name @${name} ${options} lab/busybox:1 httpd -f -p ${port}`,
});

/** A container that answers on several sockets of both protocols, see serve.py. */
export const server = (name: string, options: string, sockets: string): Step => ({
  docker: `run -d --name @${name} -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro -v {lab}:/lab:ro ${options} lab/busybox:1 /usr/bin/python3 /lab/serve.py ${sockets}`,
});

/** In order: networks first. */
export const NETWORKS: readonly Step[] = [
  { docker: 'network create front' },
  { docker: 'network create back' },
  { docker: 'network create --internal inner' },
  { docker: 'network create -o com.docker.network.bridge.enable_icc=false quiet' },
];

/** In any order. */
export const CONTAINERS: readonly Step[] = [
  web('plain', '-p 8090:80'),
  web('other', ''),
  web('www', '--network front --network-alias site'),
  web('db', '--network back --network-alias base'),
  web('inner1', '--network inner --network-alias inner1'),
  web('inner2', '--network inner --network-alias inner2'),
  web('quiet1', '--network quiet'),
  web('quiet2', '--network quiet -p 8095:80'),
  web('shared', '--network host', 8085),
  web('alone', '--network none'),
  server(
    'api',
    '--network front --network-alias api -p 8080:80 -p 127.0.0.1:8082:80 -p {lan}:8083:80 -p 8053:53/udp -p 8084:8888 -p 8086:81',
    'tcp:80 udp:53 tcp:127.0.0.1:81 udp:127.0.0.1:54',
  ),
];

/** Need the containers. */
export const LAST: readonly Step[] = [
  { docker: 'network connect back @www' },
  { docker: 'run -d --name @sidecar --network container:@api lab/busybox:1 httpd -f -p 8070' },
  { docker: 'run -d --name @stopped --network front --network-alias stopped -p 8091:80 lab/busybox:1 httpd -f -p 80' },
  { docker: 'run -d --name @paused --network front --network-alias paused -p 8092:80 lab/busybox:1 httpd -f -p 80' },
  { docker: 'kill @stopped' },
  { docker: 'pause @paused' },
  { serve: 'tcp:9000 udp:9001 tcp:127.0.0.1:9002' },
];
