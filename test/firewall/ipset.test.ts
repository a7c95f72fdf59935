import { describe, expect, test } from '@jest/globals';
import type { EvalContext } from '../../src/firewall/context.ts';
import { evaluateStatement } from '../../src/firewall/evaluate.ts';
import { parseIpsetSave } from '../../src/firewall/ipset/parse.ts';
import type { Statement, Table } from '../../src/model/firewall.ts';
import type { Packet } from '../../src/model/packet.ts';
import { context, packet } from './world.ts';

const SAVED = `create hosts hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x1c458839
add hosts 192.0.2.1
create by24 hash:ip family inet netmask 24
add by24 198.51.100.0
create nets hash:net family inet
add nets 10.0.0.0/8
add nets 10.1.0.0/16 nomatch
add nets 10.1.2.0/24
create services hash:ip,port family inet
add services 192.0.2.2,tcp:80
add services 192.0.2.2,udp:53
add services 192.0.2.2,icmp:echo-request
add services 192.0.2.2,icmp:host-unreachable
create services6 hash:ip,port family inet6
add services6 fd00::2,tcp:80
add services6 fd00::2,ipv6-icmp:neighbour-solicitation
create three hash:ip,port,net family inet
add three 192.0.2.1,tcp:80,192.0.2.0/24
create pairs hash:net,net family inet
add pairs 192.0.2.0/25,192.0.2.0/30
create ifaces hash:net,iface family inet
add ifaces 192.0.2.0/24,eth0
add ifaces 198.51.100.0/24,br wildcard
create physical hash:net,iface family inet
add physical 192.0.2.0/24,physdev:eth0
create macs hash:mac
add macs 02:00:00:00:00:01
create marks hash:ip,mark family inet markmask 0xffffffff
add marks 192.0.2.1,0x00000005
create cut hash:ip,mark family inet markmask 0x000000ff
create bits bitmap:port range 0-1024
add bits 80
create cards bitmap:ip,mac range 192.0.2.0-192.0.2.255
add cards 192.0.2.1,02:00:00:00:00:01
add cards 192.0.2.2
create holes hash:ip family inet bitmask 255.255.0.255
create banned hash:ip family inet timeout 300
add banned 192.0.2.1 timeout 59 packets 0 bytes 0 comment "a b"
create all list:set size 8
add all nets
add all hosts
create itself list:set size 8
add itself itself
create later hash:novel
`;
const { sets, problems } = parseIpsetSave(SAVED);
const table: Table = { backend: 'iptables-nft', family: 'ip', name: 'filter', dormant: false, chains: new Map(), sets: new Map() };

function member(
  set: string,
  dirs: string,
  of: Partial<Packet> = {},
  part: Partial<EvalContext> = {},
  flags: Partial<Extract<Statement, { kind: 'ipset' }>> = {},
) {
  const statement: Statement = { kind: 'ipset', set, negate: false, dirs: dirs.split(',') as ('src' | 'dst')[], returnNomatch: false, ...flags };
  const truth = evaluateStatement(statement, context({ packet: packet(of), ...part }), { table, ipsets: sets });
  return typeof truth === 'object' ? 'unknown' : truth;
}

test('every line is read', () => expect(problems.map((p) => p.text)).toEqual(['add physical 192.0.2.0/24,physdev:eth0']));

describe('a packet from 192.0.2.1 to 192.0.2.2:80', () => {
  test.each<[string, string, string, Partial<Packet>, Partial<EvalContext>, string]>([
    ['its source is a host', 'hosts', 'src', {}, {}, 'yes'],
    ['its destination is none', 'hosts', 'dst', {}, {}, 'no'],
    ['an IPv6 packet is in no set of IPv4', 'hosts', 'src', { family: 6, src: '::c000:201' }, {}, 'no'],
    ['a netmask takes the whole network', 'by24', 'src', { src: '198.51.100.77' }, {}, 'yes'],
    ['a network', 'nets', 'src', { src: '10.9.9.9' }, {}, 'yes'],
    ['an exception to it', 'nets', 'src', { src: '10.1.9.9' }, {}, 'no'],
    ['an exception to the exception', 'nets', 'src', { src: '10.1.2.9' }, {}, 'yes'],
    ['address with protocol and port', 'services', 'dst,dst', {}, {}, 'yes'],
    ['the same port of another protocol', 'services', 'dst,dst', { protocol: 'udp' }, {}, 'no'],
    ['ICMP type and code as port', 'services', 'dst,dst', { protocol: 'icmp', icmp: { type: 8, code: 0 } }, {}, 'yes'],
    ['another ICMP code', 'services', 'dst,dst', { protocol: 'icmp', icmp: { type: 3, code: 2 } }, {}, 'no'],
    ['too few directions', 'services', 'dst', {}, {}, 'no'],
    ['more directions than needed', 'hosts', 'src,dst', {}, {}, 'yes'],
    ['IPv6 address and port', 'services6', 'dst,dst', { family: 6 }, {}, 'yes'],
    ['ICMPv6 as port', 'services6', 'dst,dst', { family: 6, protocol: 'icmp', icmp: { type: 135, code: 0 } }, {}, 'yes'],
    ['three dimensions', 'three', 'src,dst,dst', {}, {}, 'yes'],
    ['three dimensions turned round', 'three', 'dst,src,src', {}, {}, 'no'],
    ['two networks', 'pairs', 'src,dst', {}, {}, 'yes'],
    ['network and interface', 'ifaces', 'src,src', {}, {}, 'yes'],
    ['network and outgoing interface', 'ifaces', 'src,dst', {}, {}, 'no'],
    ['the beginning of an interface name', 'ifaces', 'src,src', { src: '198.51.100.1' }, { iif: 'br-1' }, 'yes'],
    ['a bridge port, which is not looked at', 'physical', 'src,src', {}, {}, 'unknown'],
    ['source MAC', 'macs', 'src', {}, {}, 'yes'],
    ['no MAC on the way out', 'macs', 'src', {}, { etherSrc: null }, 'no'],
    ['mark', 'marks', 'src,src', { mark: 5 }, {}, 'yes'],
    ['a mask on the mark is not modelled', 'cut', 'src,src', { mark: 5 }, {}, 'unknown'],
    ['a port alone, whatever the protocol', 'bits', 'dst', { protocol: 'udp' }, {}, 'yes'],
    ['address and card', 'cards', 'src,src', {}, {}, 'yes'],
    ['address and another card', 'cards', 'src,src', {}, { etherSrc: '02:00:00:00:00:09' }, 'no'],
    ['address with any card', 'cards', 'dst,src', {}, {}, 'yes'],
    ['a mask with holes is not modelled', 'holes', 'src', {}, {}, 'unknown'],
    ['a member that expires is one now', 'banned', 'src', {}, {}, 'yes'],
    ['a list of sets', 'all', 'src', {}, {}, 'yes'],
    ['a list of sets without it', 'all', 'dst', {}, {}, 'no'],
    ['a list that holds itself', 'itself', 'src', {}, {}, 'unknown'],
    ['a type nobody knows', 'later', 'src', {}, {}, 'unknown'],
    ['a set that is not listed', 'gone', 'src', {}, {}, 'unknown'],
  ])('%s', (_fact, set, dirs, of, part, expected) => expect(member(set, dirs, of, part)).toBe(expected));

  test('--return-nomatch turns exceptions into members', () => {
    expect(member('nets', 'src', { src: '10.1.9.9' }, {}, { returnNomatch: true })).toBe('yes');
    expect(member('nets', 'src', { src: '10.9.9.9' }, {}, { returnNomatch: true })).toBe('no');
  });
  test('a negated match with too few directions holds', () => expect(member('services', 'dst', {}, {}, { negate: true })).toBe('yes'));
});

test('sets that expire are marked dynamic', () => expect([sets.get('banned')!.dynamic, sets.get('hosts')!.dynamic]).toEqual([true, false]));

test.each([
  ['a member that is cut off', 'create s hash:ip\nadd s 192.0.2.1\nadd s'],
  ['a member that may be shorter than it was', 'create s hash:ip\nadd s 192.0.2.1'],
  ['a line that could be of any set', 'create s hash:ip\nadd s 192.0.2.1\nadd'],
  ['a set that is listed twice', 'create s hash:ip\nadd s 192.0.2.1\ncreate s hash:ip\n'],
])('%s makes the set unknown', (_what, text) => {
  const { sets, problems } = parseIpsetSave(text);
  expect(sets.get('s')!.unknown).toEqual(expect.any(String));
  expect(problems).toHaveLength(1);
});

test('thousands of members are found', () => {
  const many = parseIpsetSave(
    `create many hash:ip family inet\n${Array.from({ length: 20_000 }, (_, i) => `add many 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).join('\n')}\n`,
  ).sets;
  const statement: Statement = { kind: 'ipset', set: 'many', negate: false, dirs: ['src'], returnNomatch: false };
  const at = (src: string) => evaluateStatement(statement, context({ packet: packet({ src }) }), { table, ipsets: many });
  expect([at('10.0.78.31'), at('10.0.78.32')]).toEqual(['yes', 'no']);
});
