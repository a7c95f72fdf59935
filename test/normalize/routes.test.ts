import { describe, expect, test } from '@jest/globals';
import type { PolicyRule, Route } from '../../src/model/network.ts';
import { parseRoutes } from '../../src/normalize/routes.ts';
import { parsePolicyRules } from '../../src/normalize/rules.ts';

const hop = { weight: 1, onlink: false, dead: false, linkdown: false };

describe('ip route show table all', () => {
  test.each<[string, 4 | 6, Record<string, unknown>, Partial<Route>]>([
    [
      'the default route',
      4,
      { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', flags: [] },
      {
        dst: '0.0.0.0/0',
        table: 'main',
        type: 'unicast',
        metric: 0,
        scope: 'global',
        protocol: 'boot',
        nexthops: [{ ...hop, gateway: '10.0.0.1', dev: 'eth0' }],
      },
    ],
    [
      'the IPv6 default route',
      6,
      { dst: 'default', gateway: 'FE80::1', dev: 'eth0', metric: 1024 },
      { dst: '::/0', metric: 1024, nexthops: [{ ...hop, gateway: 'fe80::1', dev: 'eth0' }] },
    ],
    [
      'an address has a whole length',
      4,
      { type: 'local', dst: '127.0.0.1', dev: 'lo', table: 'local', protocol: 'kernel', scope: 'host', prefsrc: '127.0.0.1' },
      { dst: '127.0.0.1/32', type: 'local', table: 'local', prefsrc: '127.0.0.1', scope: 'host' },
    ],
    ['and in IPv6', 6, { type: 'anycast', dst: '2001:DB8::', dev: 'eth0', table: 'local', metric: 0 }, { dst: '2001:db8::/128', type: 'anycast', metric: 0 }],
    ['IPv6 without a metric', 6, { dst: '2001:db8::/64', dev: 'eth0' }, { metric: 1024 }],
    [
      'an IPv4 route by an IPv6 gateway (RFC 5549)',
      4,
      { dst: '10.6.0.0/16', via: { family: 'inet6', host: 'fe80::1' }, dev: 'v1' },
      { nexthops: [{ ...hop, gateway: 'fe80::1', dev: 'v1' }] },
    ],
    [
      'onlink, with a type of service',
      4,
      { dst: '10.8.0.1', tos: '0x10', gateway: '9.9.9.9', dev: 'v1', flags: ['onlink'] },
      { tos: 16, nexthops: [{ ...hop, gateway: '9.9.9.9', dev: 'v1', onlink: true }] },
    ],
    ['a type of service by name', 4, { dst: '10.8.0.1', tos: 'AF21', dev: 'v1' }, { tos: 0x48 }],
    [
      'dead for want of a carrier',
      4,
      { dst: '10.9.0.0/16', dev: 'v1', flags: ['dead', 'linkdown'] },
      { nexthops: [{ ...hop, gateway: null, dev: 'v1', dead: true, linkdown: true }] },
    ],
    [
      'multipath',
      4,
      {
        dst: '10.5.0.0/16',
        flags: [],
        nexthops: [
          { gateway: '10.1.0.2', dev: 'v1', weight: 2, flags: [] },
          { gateway: '10.1.0.3', dev: 'v2', weight: 1, flags: ['dead'] },
        ],
      },
      {
        nexthops: [
          { ...hop, gateway: '10.1.0.2', dev: 'v1', weight: 2 },
          { ...hop, gateway: '10.1.0.3', dev: 'v2', dead: true },
        ],
      },
    ],
    [
      'unreachable has no next hop',
      4,
      { type: 'unreachable', dst: '10.7.0.0/16', table: '77', metric: 5, flags: [] },
      { type: 'unreachable', table: '77', metric: 5, nexthops: [] },
    ],
    [
      'nor has IPv6 unreachable, though it prints lo',
      6,
      { type: 'unreachable', dst: 'default', dev: 'lo', metric: 4294967295 },
      { type: 'unreachable', nexthops: [] },
    ],
    ['a numeric table', 4, { dst: '10.0.0.0/8', dev: 'eth0', table: 1000 }, { table: '1000' }],
  ])('%s', (_name, family, json, expected) => {
    expect(parseRoutes(JSON.stringify([json]), family, 'ip.route')[0]).toMatchObject(expected);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a type that is not known', { type: 'teleport', dst: '10.0.0.0/8', dev: 'eth0' }],
    ['a route that depends on the source', { dst: '10.0.0.0/8', from: '10.1.0.0/16', dev: 'eth0' }],
    ['a route to nowhere', { dst: '10.0.0.0/8' }],
    ['a destination of the other family', { dst: '2001:db8::/64', dev: 'eth0' }],
    ['no destination', { dev: 'eth0' }],
    ['a gateway that is no address', { dst: 'default', gateway: 'gw', dev: 'eth0' }],
  ])('%s makes the whole table unknown', (_name, json) => {
    expect(() => parseRoutes(JSON.stringify([{ dst: 'default', dev: 'eth0' }, json]), 4, 'ip.route')).toThrow();
  });
});

describe('ip rule show', () => {
  const plain = {
    not: false,
    from: null,
    to: null,
    fwmark: null,
    iif: null,
    oif: null,
    tos: null,
    ipproto: null,
    sport: null,
    dport: null,
    uidRange: null,
    action: 'lookup',
    notModelled: [],
  };
  test.each<[string, Record<string, unknown>, Partial<PolicyRule>]>([
    ['the local table', { priority: 0, src: 'all', table: 'local' }, { ...plain, priority: 0, table: 'local' } as Partial<PolicyRule>],
    [
      'everything at once',
      {
        priority: 32765,
        not: null,
        src: '10.0.0.0',
        srclen: 8,
        dst: '10.9.0.1',
        tos: '0x10',
        fwmark: '0x10',
        fwmask: '0xff',
        iif: 'lo',
        oif: 'eth1',
        ipproto: 'tcp',
        sport: 80,
        dport_start: 5,
        dport_end: 9,
        uid_start: 0,
        uid_end: 100,
        table: '77',
        suppress_prefixlen: 0,
        suppress_ifgroup: 'up',
      },
      {
        not: true,
        from: '10.0.0.0/8',
        to: '10.9.0.1/32',
        tos: 16,
        fwmark: { value: 16, mask: 255 },
        iif: 'lo',
        oif: 'eth1',
        ipproto: 6,
        sport: [80, 80],
        dport: [5, 9],
        uidRange: [0, 100],
        table: '77',
        suppressPrefixLength: 0,
        suppressIfGroup: 'up',
        notModelled: [],
      },
    ],
    ['a mark without a mask is the whole mark', { priority: 1, src: 'all', fwmark: '0x1', table: 'main' }, { fwmark: { value: 1, mask: 0xffffffff } }],
    ['goto', { priority: 50, src: 'all', goto: 32766 }, { action: 'goto', gotoPriority: 32766, table: null }],
    ['goto that leads nowhere yet', { priority: 50, src: 'all', goto: 32766, unresolved: null }, { action: 'goto', notModelled: [] }],
    ['nop', { priority: 60, src: 'all', oif: 'v0', nop: null }, { action: 'nop', oif: 'v0' }],
    ['blackhole', { priority: 100, src: 'all', dst: '172.21.0.0', dstlen: 24, action: 'blackhole' }, { action: 'blackhole', to: '172.21.0.0/24', table: null }],
    ['an interface that is not there', { priority: 5, src: 'all', iif: 'gone', iif_detached: null, table: 'main' }, { iif: 'gone', notModelled: [] }],
    ['a protocol by number', { priority: 5, src: 'all', ipproto: 'ipproto-99', table: 'main' }, { ipproto: 99, notModelled: [] }],
    ['l3mdev is not modelled', { priority: 1000, src: 'all', l3mdev: null }, { action: 'lookup', table: null, notModelled: ['l3mdev'] }],
    ['nor is a tunnel id', { priority: 5, src: 'all', tun_id: 7, table: 'main' }, { notModelled: ['tun_id'] }],
    ['nor an unknown action', { priority: 5, src: 'all', action: 'masquerade' }, { notModelled: ['action masquerade'] }],
    ['nor a protocol without a number', { priority: 5, src: 'all', ipproto: 'strange', table: 'main' }, { ipproto: null, notModelled: ['ipproto strange'] }],
  ])('%s', (_name, json, expected) => {
    expect(parsePolicyRules(JSON.stringify([json]), 4, 'ip.rule')[0]).toMatchObject(expected);
  });
});
