/** Which ports a rule tells from others. */
import { describe, expect, test } from '@jest/globals';
import { portsOf } from '../../src/flows/constants.ts';
import type { NamedSet, Rule, Statement, Table } from '../../src/model/firewall.ts';

const table: Table = { backend: 'nftables', family: 'ip', name: 't', dormant: false, chains: new Map(), sets: new Map() };
const rule = (...statements: readonly Statement[]): Rule => ({ position: 1, text: '', statements, source: { source: 'nft', locator: '' } });
const field = (name: 'tcp.dport' | 'ip.daddr' | 'th.sport') => ({ kind: 'field', field: name }) as const;
const range = (from: number, to = from) => ({ from: BigInt(from), to: BigInt(to) });
const none = new Map<string, NamedSet>();

describe('the ports that a rule tells from others', () => {
  test('are those that it compares with', () => {
    const asked = rule({ kind: 'match', left: field('tcp.dport'), negate: true, values: [range(80), range(8000, 8010)] });
    expect(portsOf(asked, table, none)).toEqual([
      { from: 80, to: 80 },
      { from: 8000, to: 8010 },
    ]);
    expect(portsOf(rule({ kind: 'match', left: field('ip.daddr'), negate: false, values: [range(167_772_161)] }), table, none)).toEqual([]);
  });

  test('are in the place of a set that is looked up by the port', () => {
    const elements = [{ key: [range(167_772_161), range(443)] }];
    const asked = rule({ kind: 'lookup', key: [field('ip.daddr'), field('th.sport')], negate: false, set: { elements } });
    expect(portsOf(asked, table, none)).toEqual([{ from: 443, to: 443 }]);
  });

  test('stand below the protocol in an ipset', () => {
    const set: NamedSet = { name: 's', type: 'hash:ip,port', elements: [{ key: [range(167_772_161), range((6 << 16) | 8080)] }], dynamic: false };
    const asked = rule({ kind: 'ipset', set: 's', negate: false, dirs: ['dst', 'dst'], returnNomatch: false });
    expect(portsOf(asked, table, new Map([['s', set]]))).toEqual([{ from: 8080, to: 8080 }]);
  });

  test('are those of a range that a translation keeps', () => {
    expect(portsOf(rule({ kind: 'nat', nat: 'dnat', port: { from: 8000, to: 8010 }, flags: [] }), table, none)).toEqual([{ from: 8000, to: 8010 }]);
  });

  test('may be any where the rule looks at bits of the packet', () => {
    const raw = { kind: 'raw', base: 'transport', offset: 16, length: 16 } as const;
    expect(portsOf(rule({ kind: 'match', left: raw, negate: false, values: [range(80)] }), table, none)).toBeNull();
    const half = { kind: 'bitwise', op: 'and', left: field('tcp.dport'), right: { kind: 'const', value: 1n } } as const;
    expect(portsOf(rule({ kind: 'match', left: half, negate: false, values: [range(1)] }), table, none)).toBeNull();
  });
});
