/** Questions that need no more than the standing world. */
import type { Scenario } from '../scenario.ts';

export const standing: readonly Scenario[] = [
  {
    name: 'containers of the default bridge reach each other by address',
    ask: [
      { from: '@plain', to: '@other', port: 80 },
      { from: '@plain', to: '@other', port: 81, cause: 'NO_LISTENER' },
      { from: '@plain', to: '@other', port: 53, protocol: 'udp', cause: 'NO_LISTENER' },
      { from: '@plain', to: '@other', protocol: 'icmp' },
    ],
  },
  {
    name: 'the default bridge knows no names',
    ask: [{ from: '@plain', to: 'dns:site', port: 80, cause: 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE' }],
  },
  {
    name: 'a user network resolves names and aliases',
    ask: [
      { from: '@api', to: 'dns:{name:www}', port: 80 },
      { from: '@api', to: 'dns:site', port: 80 },
      { from: '@api', to: '@www', port: 80 },
      { from: '@www', to: 'dns:api', port: 53, protocol: 'udp' },
      { from: '@www', to: 'dns:api', port: 80 },
    ],
  },
  {
    name: 'a name of another network is not known',
    ask: [{ from: '@api', to: 'dns:base', port: 80, cause: 'NAME_NOT_ON_SHARED_NETWORK' }],
  },
  {
    name: 'two networks are apart on every engine',
    ask: [
      { from: '@api', to: '@db', port: 80, cause: 'DIFFERENT_NETWORKS' },
      { from: '@db', to: '@api', port: 53, protocol: 'udp', cause: 'DIFFERENT_NETWORKS' },
      { from: '@plain', to: '@db', port: 80, cause: 'DIFFERENT_NETWORKS' },
      { from: '@db', to: '@plain', port: 80, cause: 'DIFFERENT_NETWORKS' },
      { from: '@db', to: '@plain', protocol: 'icmp', cause: 'DIFFERENT_NETWORKS' },
    ],
  },
  {
    name: 'a container on two networks is reached from both',
    ask: [
      { from: '@db', to: '@www', port: 80 },
      { from: '@api', to: '@www', port: 80 },
      { from: '@www', to: '@db', port: 80 },
      { from: '@www', to: '@api', port: 80 },
      { from: '@db', to: '{address:www:front}', port: 80 },
    ],
  },
  {
    name: 'an internal network reaches its members and nothing else',
    ask: [
      { from: '@inner1', to: '@inner2', port: 80 },
      { from: '@inner1', to: 'dns:inner2', port: 80 },
      { from: '@inner1', to: '@inner2', protocol: 'icmp' },
      { from: '@inner1', to: 'laptop', port: 7000, cause: 'INTERNAL_NETWORK' },
      { from: '@inner1', to: 'laptop', port: 7001, protocol: 'udp', cause: 'INTERNAL_NETWORK' },
      { from: '@inner1', to: '@api', port: 80, cause: 'INTERNAL_NETWORK' },
      { from: '@inner1', to: '{lan}', port: 9000 },
      { from: '@api', to: '@inner1', port: 80 },
    ],
  },
  {
    name: 'icc=false keeps members apart, not from the outside',
    ask: [
      { from: '@quiet1', to: '@quiet2', port: 80, cause: 'ICC_DISABLED' },
      { from: '@quiet1', to: '@quiet2', protocol: 'icmp', cause: 'ICC_DISABLED' },
      { from: '@quiet1', to: 'laptop', port: 7000 },
      { from: 'outside', to: 'host', port: 8095 },
      { from: '@quiet1', to: '{lan}', port: 8095 },
    ],
  },
  {
    name: 'host mode shares the addresses of the host',
    ask: [
      { from: 'outside', to: 'host', port: 8085 },
      { from: '@shared', to: '@plain', port: 80 },
      { from: '@shared', to: 'laptop', port: 7000 },
      { from: '@api', to: '{lan}', port: 8085 },
      { from: 'host', to: '127.0.0.1', port: 8085 },
    ],
  },
  {
    name: 'mode none has no network at all',
    ask: [
      { from: '@alone', to: '@plain', port: 80, cause: 'NO_NETWORK' },
      { from: '@alone', to: 'laptop', port: 7001, protocol: 'udp', cause: 'NO_NETWORK' },
      { from: '@alone', to: '127.0.0.1', port: 80 },
    ],
  },
  {
    name: 'a container that shares the network of another has its addresses and ports',
    ask: [
      { from: '@sidecar', to: '127.0.0.1', port: 80 },
      { from: '@sidecar', to: '@www', port: 80 },
      { from: '@www', to: '{address:api}', port: 8070 },
      { from: '@sidecar', to: 'dns:site', port: 80 },
    ],
  },
  {
    name: 'containers reach the outside by masquerading',
    ask: [
      { from: '@plain', to: 'laptop', port: 7000 },
      { from: '@api', to: 'laptop', port: 7001, protocol: 'udp' },
      { from: '@api', to: 'laptop', protocol: 'icmp' },
      { from: '@api', to: 'laptop', port: 7009, cause: 'NO_LISTENER' },
      { from: '@api', to: 'peer', port: 9000 },
    ],
  },
  {
    name: 'a published port is open from the LAN',
    ask: [
      { from: 'outside', to: 'host', port: 8080 },
      { from: 'outside', to: '{lan}', port: 8090 },
      { from: 'outside', to: 'host', port: 8053, protocol: 'udp' },
      { from: 'outside', to: 'host', port: 8053 },
      { from: 'outside', to: 'host', port: 8999 },
    ],
  },
  {
    name: 'a published port is open from its own host',
    ask: [
      { from: 'host', to: '127.0.0.1', port: 8080 },
      { from: 'host', to: '{lan}', port: 8080 },
      { from: 'host', to: '{address:api}', port: 80 },
      { from: 'host', to: '127.0.0.1', port: 8053, protocol: 'udp' },
      { from: 'host', to: '{lan}', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'a published port asked from containers',
    ask: [
      { from: '@www', to: '{lan}', port: 8080 },
      { from: '@db', to: '{lan}', port: 8080 },
      { from: '@plain', to: '{lan}', port: 8080 },
      { from: '@db', to: '{lan}', port: 8053, protocol: 'udp' },
      { from: '@www', to: '{lan}', port: 8053, protocol: 'udp' },
      { from: '@inner1', to: '{lan}', port: 8080 },
    ],
  },
  {
    name: 'a container asks for its own published port (hairpin)',
    ask: [
      { from: '@api', to: '{lan}', port: 8080 },
      { from: '@plain', to: '{lan}', port: 8090 },
      { from: '@api', to: '{lan}', port: 8053, protocol: 'udp' },
    ],
  },
  {
    name: 'a port published on 127.0.0.1 is open to the host alone',
    ask: [
      { from: 'host', to: '127.0.0.1', port: 8082 },
      { from: 'outside', to: 'host', port: 8082, cause: 'PUBLISHED_ON_OTHER_ADDRESS' },
      { from: '@db', to: '{lan}', port: 8082, cause: 'PUBLISHED_ON_OTHER_ADDRESS' },
    ],
  },
  {
    name: 'a port published on one address is open on that address',
    ask: [
      { from: 'outside', to: '{lan}', port: 8083 },
      { from: 'host', to: '127.0.0.1', port: 8083, cause: 'PUBLISHED_ON_OTHER_ADDRESS' },
      { from: 'host', to: '{lan}', port: 8083 },
    ],
  },
  {
    name: 'a port published to a container port where nobody listens',
    ask: [
      { from: 'outside', to: 'host', port: 8084, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' },
      { from: 'host', to: '127.0.0.1', port: 8084, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' },
      { from: 'host', to: '{lan}', port: 8084, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' },
    ],
  },
  {
    name: 'a service on the loopback of its container',
    ask: [
      { from: '@www', to: '@api', port: 81, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
      { from: '@www', to: '@api', port: 54, protocol: 'udp', cause: 'LISTENS_ON_LOOPBACK_ONLY' },
      { from: 'outside', to: 'host', port: 8086, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
      { from: 'host', to: '127.0.0.1', port: 8086, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
      { from: '@api', to: '127.0.0.1', port: 81 },
      { from: 'outside', to: 'host', port: 9002, cause: 'LISTENS_ON_LOOPBACK_ONLY' },
    ],
  },
  {
    name: 'the host port used where the container port is meant',
    ask: [{ from: '@www', to: '@api', port: 8080, cause: 'WRONG_PORT_PUBLISHED_VS_CONTAINER' }],
  },
  {
    name: 'a port that was never published',
    ask: [
      { from: 'outside', to: 'host', port: 80 },
      { from: 'host', to: '127.0.0.1', port: 81 },
    ],
  },
  {
    name: 'a stopped container',
    ask: [
      { from: 'outside', to: 'host', port: 8091, cause: 'CONTAINER_NOT_RUNNING' },
      { from: '@www', to: 'dns:stopped', port: 80, cause: 'CONTAINER_NOT_RUNNING' },
      { from: '@www', to: '@stopped', port: 80, cause: 'CONTAINER_NOT_RUNNING' },
    ],
  },
  {
    name: 'a paused container accepts and says nothing',
    ask: [
      { from: 'outside', to: 'host', port: 8092, cause: 'CONTAINER_PAUSED' },
      { from: '@www', to: '@paused', port: 80, cause: 'CONTAINER_PAUSED' },
      { from: '@www', to: '@paused', protocol: 'icmp' },
    ],
  },
  {
    name: 'a service of the host asked from its containers and the LAN',
    ask: [
      { from: '@plain', to: '{lan}', port: 9000 },
      { from: '@api', to: '{lan}', port: 9000 },
      { from: '@api', to: '{lan}', port: 9001, protocol: 'udp' },
      { from: '@api', to: '{gateway:front}', port: 9000 },
      { from: '@db', to: '{gateway:front}', port: 9000 },
      { from: 'outside', to: 'host', port: 9000 },
      { from: 'outside', to: 'host', protocol: 'icmp' },
      { from: '@api', to: '{lan}', port: 9002 },
    ],
  },
  {
    name: 'a container and its own addresses',
    ask: [
      { from: '@api', to: '@api', port: 80 },
      { from: '@api', to: '127.0.0.1', port: 53, protocol: 'udp' },
      { from: '@api', to: '127.0.0.1', protocol: 'icmp' },
    ],
  },
  {
    name: 'two hosts on one link: published ports are open, containers have no route',
    ask: [
      { from: '@plain', to: 'peer', port: 8080 },
      { from: '@api', to: 'peer', port: 8053, protocol: 'udp' },
      { from: 'host', to: 'peer', port: 8090 },
      { from: 'host', to: 'peer', protocol: 'icmp' },
      { from: 'host', to: 'peer', port: 8082, cause: 'PUBLISHED_ON_OTHER_ADDRESS' },
    ],
  },
  {
    name: 'an address of the LAN that nobody has',
    ask: [
      { from: 'host', to: '10.77.0.200', port: 80, unknowable: true },
      { from: '@plain', to: '10.77.0.200', port: 80, unknowable: true },
      { from: '@plain', to: '10.77.0.200', protocol: 'icmp', unknowable: true },
    ],
  },
];
