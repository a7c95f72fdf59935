/** Programs and containers that are not where they are looked for; none gets in another's way. */
import type { Scenario } from '../scenario.ts';
import { web } from '../world.ts';

export const services: readonly Scenario[] = [
  {
    name: 'a container that was started again and again, and given up',
    setup: [{ docker: 'run -d --restart on-failure:2 --name @loop --network front -p 8093:80 lab/busybox:1 false' }, { docker: 'wait @loop' }],
    ask: [{ from: 'outside', to: 'host', port: 8093, cause: 'CONTAINER_NOT_RUNNING' }],
  },
  {
    name: 'a container that was made and never started',
    setup: [{ docker: 'create --name @unborn --network front --network-alias unborn -p 8106:80 lab/busybox:1 httpd -f -p 80' }],
    ask: [
      { from: 'outside', to: 'host', port: 8106, cause: 'CONTAINER_NOT_RUNNING' },
      { from: '@www', to: 'dns:unborn', port: 80, cause: 'CONTAINER_NOT_RUNNING' },
    ],
  },
  {
    name: 'a port that only the container knows of',
    setup: [web('unpublished', '', 8765)],
    ask: [
      { from: 'outside', to: 'host', port: 8765, cause: 'PORT_NOT_PUBLISHED' },
      { from: 'host', to: '127.0.0.1', port: 8765, cause: 'PORT_NOT_PUBLISHED' },
      { from: 'host', to: '@unpublished', port: 8765 },
    ],
  },
  {
    name: 'a port published wherever there was room (-P)',
    setup: [web('random', '-P --expose 8766', 8766)],
    ask: [
      { from: 'outside', to: 'host', port: 8766, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' },
      { from: 'host', to: '127.0.0.1', port: 8766, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' },
    ],
  },
  {
    name: 'a program that is not ready yet',
    setup: [{ docker: 'run -d --name @late --network front lab/busybox:1 sh -c "sleep 600; httpd -f -p 80"' }],
    ask: [{ from: '@www', to: '@late', port: 80, cause: 'NO_LISTENER' }],
  },
  {
    name: 'a program that accepts nobody, its queue full',
    setup: [{ serve: 'full:9010' }],
    ask: [
      { from: 'outside', to: 'host', port: 9010, cause: 'ACCEPT_QUEUE_FULL' },
      { from: '@api', to: '{lan}', port: 9010, cause: 'ACCEPT_QUEUE_FULL' },
    ],
  },
  {
    name: 'a service of the host on loopback, asked by the gateway',
    ask: [
      { from: '@api', to: '{gateway:front}', port: 9002, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
      { from: '@plain', to: '{gateway:bridge}', port: 9002, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
    ],
  },
  {
    name: 'a container in host mode has no name',
    ask: [{ from: '@api', to: 'dns:{name:shared}', port: 8085, cause: 'HOST_NETWORK' }],
  },
  {
    name: 'a hostname is not a name',
    setup: [web('hosty', '--network front --hostname deep')],
    ask: [
      { from: '@api', to: 'dns:deep', port: 80, cause: 'NAME_NOT_FOUND' },
      { from: '@api', to: 'dns:{name:hosty}', port: 80 },
    ],
  },
  {
    name: 'the owner of a shared network was started again',
    setup: [
      web('parent', '--network front'),
      { docker: 'run -d --name @child --network container:@parent lab/busybox:1 httpd -f -p 8070' },
      { docker: 'restart -t 0 @parent' },
    ],
    ask: [{ from: '@child', to: '{address:api}', port: 80, cause: 'SHARED_NAMESPACE_OWNER_STOPPED' }],
  },
  {
    name: 'a port published on an internal network',
    setup: [web('mute', '--network inner -p 8094:80')],
    ask: [
      { from: 'outside', to: 'host', port: 8094, cause: 'INTERNAL_NETWORK' },
      { from: 'host', to: '127.0.0.1', port: 8094, cause: 'INTERNAL_NETWORK' },
      { from: 'host', to: '@mute', port: 80 },
    ],
  },
  {
    name: 'an address that a container had before',
    setup: [
      web('old', '--network front --network-alias backend', 8081),
      { docker: 'rm -f @old' },
      { docker: 'run -d --name @worker --network front lab/busybox:1 sleep 600' },
    ],
    ask: [
      { from: '@www', to: '{address:worker}', port: 8081, cause: 'NO_LISTENER' },
      { from: '@www', to: '{dead:front}', port: 8081, cause: 'NEIGHBOUR_UNRESOLVED' },
    ],
  },
  {
    name: 'two containers with one address',
    setup: [
      { docker: 'network create twice' },
      web('first', '--network twice'),
      web('second', '--network twice', 8081),
      web('asker', '--network twice'),
      { container: 'second', run: 'ip addr add {address:first}/24 dev eth0' },
    ],
    ask: [{ from: '@asker', to: '@first', port: 80, cause: 'DUPLICATE_ADDRESS' }],
  },
  {
    name: 'docker-proxy of a container that is gone',
    setup: [
      {
        host: 'busybox start-stop-daemon -S -b -m -p /run/stale.pid -x /bin/sh -- -c "exec docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8096 -container-ip {dead:front} -container-port 80 3> /run/stale.ready"',
      },
    ],
    undo: [{ host: 'busybox start-stop-daemon -K -p /run/stale.pid' }],
    ask: [
      { from: 'outside', to: 'host', port: 8096, cause: 'STALE_DNAT' },
      { from: 'host', to: '127.0.0.1', port: 8096, cause: 'STALE_DNAT' },
    ],
  },
  {
    name: 'localhost by IPv6',
    ask: [
      { from: 'host', to: '::1', port: 8082, cause: 'PUBLISHED_ON_OTHER_ADDRESS' },
      { from: 'host', to: '127.0.0.1', port: 8082 },
    ],
  },
  {
    name: 'a network of IPv6',
    setup: [
      { host: 'ip -6 addr add fd77:{n}::1/64 dev eth0 nodad' },
      { outside: 'ip -6 addr add fd77:{n}::100/64 dev eth0 nodad' },
      { docker: 'network create --ipv6 --subnet fd00:77:{n}::/64 six' },
      web('sixer', '--network six --ip6 fd00:77:{n}::10', '[::]:80'),
      web('seven', '--network six --ip6 fd00:77:{n}::11', '[::]:80'),
      { host: 'sysctl -qw net.ipv6.conf.all.forwarding=1' },
    ],
    undo: [{ outside: 'ip -6 addr del fd77:{n}::100/64 dev eth0' }, { host: 'ip -6 addr del fd77:{n}::1/64 dev eth0' }],
    ask: [
      { from: '@sixer', to: 'fd77:{n}::100', protocol: 'icmp', cause: 'RETURN_ROUTE_MISSING' },
      { from: '@sixer', to: 'fd77:{n}::100', port: 7000 },
      { from: '@sixer', to: 'fd00:77:{n}::11', port: 80 },
      { from: '@sixer', to: 'fd00:77:{n}::11', protocol: 'icmp' },
      { from: 'host', to: 'fd00:77:{n}::10', port: 80 },
    ],
  },
  {
    name: 'a nameserver on the loopback of the container',
    setup: [{ docker: 'run -d --name @stub --dns 127.0.0.53 --dns-opt timeout:1 --dns-opt attempts:1 lab/busybox:1 sleep 600' }],
    ask: [{ from: '@stub', to: 'dns:www.example.test', port: 80, cause: 'NAMESERVER_UNREACHABLE' }],
  },
  {
    name: 'a firewall between the containers and their nameserver',
    // Engine 28 asks from the host's own namespace.
    on: ['e20', 'e26'],
    setup: [
      { docker: 'network create muffled' },
      { docker: 'run -d --name @deaf --network muffled --dns-opt timeout:1 --dns-opt attempts:1 lab/busybox:1 sleep 600' },
      { host: 'iptables -w -I DOCKER-USER -s {subnet:muffled} -p udp --dport 53 -j DROP' },
    ],
    undo: [{ host: 'iptables -w -D DOCKER-USER -s {subnet:muffled} -p udp --dport 53 -j DROP' }],
    ask: [{ from: '@deaf', to: 'dns:www.example.test', port: 80, cause: 'NAMESERVER_UNREACHABLE' }],
  },
  {
    name: 'a nameserver that the host has left since the container started',
    setup: [
      { host: 'ip route add unreachable 10.94.{n}.53' },
      { host: 'cp /etc/resolv.conf /run/resolv.now' },
      { host: 'sh -c "echo nameserver 10.94.{n}.53 > /etc/resolv.conf"' },
      { docker: 'run -d --name @past --dns-opt timeout:1 --dns-opt attempts:1 lab/busybox:1 sleep 600' },
      { host: 'cp /run/resolv.now /etc/resolv.conf' },
    ],
    undo: [{ host: 'ip route del unreachable 10.94.{n}.53' }],
    ask: [{ from: '@past', to: 'dns:www.example.test', port: 80, cause: 'NAMESERVER_UNREACHABLE' }],
  },
  {
    name: 'an internal network asks no nameserver outside',
    setup: [{ docker: 'run -d --name @hermit --network inner --dns-opt timeout:1 --dns-opt attempts:1 lab/busybox:1 sleep 600' }],
    ask: [{ from: '@hermit', to: 'dns:www.example.test', port: 80, cause: 'INTERNAL_NETWORK' }],
  },
];
