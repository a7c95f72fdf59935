import { describe, expect, test } from '@jest/globals';
import type { Link } from '../../src/model/network.ts';
import { parseBridgePorts, parseFdb, parseVlans } from '../../src/normalize/bridge.ts';
import { parseLinks } from '../../src/normalize/links.ts';
import { parseNeighbours } from '../../src/normalize/neighbours.ts';

const UP = ['BROADCAST', 'UP', 'LOWER_UP'];
const base = { ifindex: 2, ifname: 'eth0', flags: UP, mtu: 1500, group: 'default', link_type: 'ether', address: '02:00:00:00:00:02', addr_info: [] };

function link(json: Record<string, unknown>, ports = '[]'): Link {
  const parsed = parseLinks(JSON.stringify([{ ...base, ...json }]), parseBridgePorts(ports))[0];
  if (!parsed) throw new Error('no link');
  return parsed;
}

describe('ip -d addr', () => {
  test.each<[string, Record<string, unknown>, Partial<Link>]>([
    ['an interface without a kind is physical', {}, { kind: 'physical', up: true, running: true, peer: null, peerIndex: null, peerNsid: null, master: null }],
    ['loopback', { ifname: 'lo', link_type: 'loopback', flags: ['LOOPBACK', 'UP', 'LOWER_UP'] }, { kind: 'loopback' }],
    ['a kind that nobody knows stays', { linkinfo: { info_kind: 'quantum', info_data: { x: [1] } } }, { kind: 'quantum' }],
    ['administratively down', { flags: ['BROADCAST'] }, { up: false, running: false }],
    ['without carrier', { flags: ['NO-CARRIER', 'BROADCAST', 'UP'] }, { up: true, running: false }],
    ['a veth whose peer is elsewhere', { link_index: 7, link_netnsid: 3, linkinfo: { info_kind: 'veth' } }, { kind: 'veth', peerIndex: 7, peerNsid: 3 }],
    ['namespace number 0 is a number', { link_index: 7, link_netnsid: 0, linkinfo: { info_kind: 'veth' } }, { peerNsid: 0 }],
    ['a peer of which only the index is printed', { link: 'if9', linkinfo: { info_kind: 'veth' } }, { peerIndex: 9, peerNsid: null }],
    ['a tunnel on no device', { link: null, linkinfo: { info_kind: 'gre' } }, { kind: 'gre', peerIndex: null }],
    [
      'a bridge with its own netfilter switches',
      {
        linkinfo: {
          info_kind: 'bridge',
          info_data: { vlan_filtering: 1, vlan_default_pvid: 5, nf_call_iptables: 1, nf_call_ip6tables: 0, nf_call_arptables: 0 },
        },
      },
      { bridge: { vlanFiltering: true, vlanDefaultPvid: 5, nfCallIptables: true, nfCallIp6tables: false, nfCallArptables: false } },
    ],
    [
      'VXLAN over IPv6',
      { linkinfo: { info_kind: 'vxlan', info_data: { id: 77, local6: '2001:db8::1', remote6: '2001:DB8:0::2', port: 4789, link: 'eth1', learning: false } } },
      { vxlan: { vni: 77, local: '2001:db8::1', remote: '2001:db8::2', port: 4789, link: 'eth1', learning: false } },
    ],
    ['VXLAN that takes its VNI from the packet', { linkinfo: { info_kind: 'vxlan', info_data: { external: true } } }, { kind: 'vxlan' }],
    ['macvlan', { linkinfo: { info_kind: 'macvlan', info_data: { mode: 'private' } } }, { macvlanMode: 'private' }],
    ['VLAN', { linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id: 12 } } }, { vlanId: 12 }],
    ['an XDP program', { xdp: { mode: 1, prog: { id: 42, jited: 1 } } }, { program: 'xdp program 42' }],
    [
      'a bridge port',
      {
        master: 'br0',
        linkinfo: {
          info_kind: 'veth',
          info_slave_kind: 'bridge',
          info_slave_data: { state: 'blocking', hairpin: true, isolated: true, flood: false, learning: false, bcast_flood: false, neigh_suppress: true },
        },
      },
      {
        master: 'br0',
        port: {
          bridge: 'br0',
          state: 'blocking',
          hairpin: true,
          isolated: true,
          flood: false,
          bcastFlood: false,
          mcastFlood: true,
          learning: false,
          neighSuppress: true,
        },
      },
    ],
  ])('%s', (_name, json, expected) => {
    expect(link(json)).toMatchObject(expected);
  });

  test('an ip that does not print port details leaves them to bridge -d link', () => {
    const ports = JSON.stringify([
      { ifindex: 2, ifname: 'eth0', master: 'br0', state: 'forwarding', hairpin: true, isolated: false, learning: true, flood: true },
    ]);
    expect(link({ master: 'br0', linkinfo: { info_kind: 'veth' } }, ports).port).toMatchObject({ bridge: 'br0', state: 'forwarding', hairpin: true });
    expect(link({ master: 'br0', linkinfo: { info_kind: 'veth' } }).port).toBeUndefined();
  });

  test('both ends of a veth in one namespace', () => {
    const pair = [
      { ...base, ifindex: 4, ifname: 'v0', link: 'v1', linkinfo: { info_kind: 'veth' } },
      { ...base, ifindex: 5, ifname: 'v1', link: 'v0', linkinfo: { info_kind: 'veth' } },
    ];
    expect(parseLinks(JSON.stringify(pair), new Map()).map((l) => [l.name, l.peerIndex, l.peerNsid])).toEqual([
      ['v0', 5, null],
      ['v1', 4, null],
    ]);
  });

  test('addresses: canonical text, scope, peers, and which cannot be used', () => {
    const parsed = link({
      addr_info: [
        { family: 'inet', local: '10.0.0.1', address: '10.0.0.2', prefixlen: 32, scope: 'global' },
        { family: 'inet', local: '10.1.0.1', prefixlen: 24, scope: 'global', secondary: true },
        { family: 'inet6', local: '2001:DB8:0:0::1', prefixlen: 64, scope: 'global' },
        { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', tentative: true },
        { family: 'inet6', local: 'fe80::2', prefixlen: 64, scope: 'link', tentative: true, optimistic: true },
        { family: 'inet6', local: '2001:db8::3', prefixlen: 64, scope: 'global', dadfailed: true, tentative: true },
        { family: 'inet6', local: '2001:db8::4', prefixlen: 64, scope: 'global', temporary: true, deprecated: true },
      ],
    });
    expect(parsed.addresses).toEqual([
      { family: 4, address: '10.0.0.1', peer: '10.0.0.2', prefix: 32, scope: 'global', secondary: false, usable: true },
      { family: 4, address: '10.1.0.1', prefix: 24, scope: 'global', secondary: true, usable: true },
      { family: 6, address: '2001:db8::1', prefix: 64, scope: 'global', secondary: false, usable: true },
      { family: 6, address: 'fe80::1', prefix: 64, scope: 'link', secondary: false, usable: false },
      { family: 6, address: 'fe80::2', prefix: 64, scope: 'link', secondary: false, usable: true },
      { family: 6, address: '2001:db8::3', prefix: 64, scope: 'global', secondary: false, usable: false },
      { family: 6, address: '2001:db8::4', prefix: 64, scope: 'global', secondary: true, usable: true },
    ]);
  });

  test('what a filter left out is no link, and each link is cited by its place', () => {
    const links = parseLinks(JSON.stringify([{}, base, {}, { ...base, ifindex: 3, ifname: 'eth1' }]), new Map());
    expect(links.map((l) => [l.name, l.source])).toEqual([
      ['eth0', { source: 'ip.addr', locator: '/1' }],
      ['eth1', { source: 'ip.addr', locator: '/3' }],
    ]);
    expect(parseLinks('', new Map())).toEqual([]);
  });
});

test('forwarding tables, VLANs and neighbours', () => {
  expect(
    parseFdb(
      JSON.stringify([
        { mac: '02:00:00:00:00:01', ifname: 'veth1', master: 'br0', vlan: 1, flags: [], state: '' },
        { mac: '00:00:00:00:00:00', ifname: 'vx0', dst: '10.19.0.1', flags: ['self'], state: 'permanent' },
        { mac: '02:00:00:00:00:02', ifname: 'veth2', master: 'br0', flags: ['extern_learn'], state: 'static' },
      ]),
    ),
  ).toEqual([
    { mac: '02:00:00:00:00:01', dev: 'veth1', bridge: 'br0', vlan: 1, permanent: false, self: false, dst: null, flags: [] },
    { mac: '00:00:00:00:00:00', dev: 'vx0', bridge: null, vlan: null, permanent: true, self: true, dst: '10.19.0.1', flags: ['self'] },
    { mac: '02:00:00:00:00:02', dev: 'veth2', bridge: 'br0', vlan: null, permanent: false, self: false, dst: null, flags: ['extern_learn', 'static'] },
  ]);
  expect(
    parseVlans(
      JSON.stringify([
        {
          ifname: 'p1',
          vlans: [
            { vlan: 1, flags: ['PVID', 'Egress Untagged'] },
            { vlan: 10, vlanEnd: 12 },
          ],
        },
        { ifname: 'p2' },
      ]),
    ),
  ).toEqual([
    { dev: 'p1', vlan: 1, pvid: true, untagged: true },
    { dev: 'p1', vlan: 10, pvid: false, untagged: false },
    { dev: 'p1', vlan: 11, pvid: false, untagged: false },
    { dev: 'p1', vlan: 12, pvid: false, untagged: false },
  ]);
  expect(
    parseNeighbours(
      JSON.stringify([
        { dst: 'FE80::1', dev: 'eth0', lladdr: '02:00:00:00:00:09', state: ['STALE'] },
        { dst: '10.0.0.9', dev: 'eth0', proxy: null },
      ]),
    ),
  ).toEqual([
    { address: 'fe80::1', dev: 'eth0', mac: '02:00:00:00:00:09', state: ['STALE'], proxy: false, source: { source: 'ip.neigh', locator: '/0' } },
    { address: '10.0.0.9', dev: 'eth0', mac: null, state: [], proxy: true, source: { source: 'ip.neigh', locator: '/1' } },
  ]);
});
