import { describe, expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { estate, type HostSketch, id, type LinkSketch } from '../support/estate.ts';

/** `host/inode link -> host/inode link` of every link with a peer or an index of one. */
function peers(facts: EstateFacts): string[] {
  const lines: string[] = [];
  for (const netns of buildModel(facts).namespaces.values()) {
    for (const link of netns.links.known ? netns.links.value : []) {
      if (link.peerIndex !== null) lines.push(`${netns.id} ${link.name} -> ${link.peer ? `${link.peer.netns} ${link.peer.link}` : '?'}`);
    }
  }
  return lines.sort();
}

const veth = (name: string, index: number, peer: number, nsid: number, more: Partial<LinkSketch> = {}): LinkSketch => ({
  name,
  index,
  kind: 'veth',
  peer,
  nsid,
  ...more,
});
const host = (name: string, namespaces: HostSketch['namespaces'], kernel: Record<string, string> = {}): HostSketch => ({ name, namespaces, kernel });

describe('veth pairs', () => {
  test('both ends in one host', () => {
    expect(
      peers(
        estate(
          host('h1', [
            { inode: '1', kind: 'host', links: [veth('vethA', 9, 8, 0), veth('vethB', 11, 8, 1)] },
            { inode: '2', links: [veth('eth0', 8, 9, 0)] },
            { inode: '3', links: [veth('eth0', 8, 11, 0)] },
          ]),
        ),
      ),
    ).toEqual(['h1/1 vethA -> h1/2 eth0', 'h1/1 vethB -> h1/3 eth0', 'h1/2 eth0 -> h1/1 vethA', 'h1/3 eth0 -> h1/1 vethB']);
  });

  test('both ends in one namespace', () => {
    expect(
      peers(
        estate(
          host('h1', [
            {
              inode: '1',
              links: [
                { name: 'a', index: 4, kind: 'veth', peer: 5 },
                { name: 'b', index: 5, kind: 'veth', peer: 4 },
              ],
            },
          ]),
        ),
      ),
    ).toEqual(['h1/1 a -> h1/1 b', 'h1/1 b -> h1/1 a']);
  });

  test('what could be joined in two ways is not', () => {
    expect(
      peers(
        estate(
          host('h1', [
            { inode: '1', links: [veth('a', 9, 8, 0)] },
            { inode: '2', links: [veth('b', 8, 9, 0)] },
            { inode: '3', links: [veth('c', 8, 9, 0)] },
          ]),
        ),
      ),
    ).toEqual(['h1/1 a -> ?', 'h1/2 b -> ?', 'h1/3 c -> ?']);
  });

  test('another pair between the same namespaces settles it', () => {
    const facts = estate(
      host('h1', [
        { inode: '1', links: [veth('a', 9, 8, 0), veth('sure', 20, 21, 0)] },
        { inode: '2', links: [veth('b', 8, 9, 0), veth('sure', 21, 20, 0)] },
        { inode: '3', links: [veth('c', 8, 9, 0)] },
      ]),
    );
    expect(peers(facts)).toEqual(['h1/1 a -> h1/2 b', 'h1/1 sure -> h1/2 sure', 'h1/2 b -> h1/1 a', 'h1/2 sure -> h1/1 sure', 'h1/3 c -> ?']);
  });

  test('an end whose peer nobody read stays open', () => {
    expect(
      peers(
        estate(
          host('h1', [
            { inode: '1', links: [veth('a', 9, 8, 0)] },
            { inode: '2', links: [veth('b', 8, 10, 0)] },
          ]),
        ),
      ),
    ).toEqual(['h1/1 a -> ?', 'h1/2 b -> ?']);
  });

  test('hosts of one machine', () => {
    const facts = estate(host('h1', [{ inode: '1', links: [veth('eth0', 9, 8, 0)] }]), host('sw', [{ inode: '2', links: [veth('p1', 8, 9, 0)] }]));
    expect(peers(facts)).toEqual(['h1/1 eth0 -> sw/2 p1', 'sw/2 p1 -> h1/1 eth0']);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['another kernel', { release: '6.1' }, { release: '6.18' }],
    ['another boot of the same kernel', { bootId: 'a' }, { bootId: 'b' }],
  ])('are not joined over hosts with %s', (_name, a, b) => {
    const facts = estate(host('h1', [{ inode: '1', links: [veth('eth0', 9, 8, 0)] }], a), host('h2', [{ inode: '2', links: [veth('p1', 8, 9, 0)] }], b));
    expect(peers(facts)).toEqual(['h1/1 eth0 -> ?', 'h2/2 p1 -> ?']);
  });

  test('nor where one inode has two contents: two machines that number alike', () => {
    const facts = estate(
      host('h1', [{ inode: '1', links: [{ name: 'eth0', index: 2, mac: '02:00:00:00:00:aa' }, veth('v', 9, 8, 0)] }]),
      host('h2', [
        { inode: '1', links: [{ name: 'eth0', index: 2, mac: '02:00:00:00:00:bb' }] },
        { inode: '2', links: [veth('p1', 8, 9, 0)] },
      ]),
    );
    expect(peers(facts)).toEqual(['h1/1 v -> ?', 'h2/2 p1 -> ?']);
  });

  test('a namespace that two hosts of one machine list is one namespace', () => {
    const sw = { inode: '5', names: ['sw'], links: [veth('p1', 8, 9, 0), veth('p2', 10, 11, 1)] };
    const facts = estate(
      host('h1', [{ inode: '1', kind: 'host', links: [veth('eth0', 9, 8, 0)] }, sw]),
      host('h2', [{ inode: '2', kind: 'host', links: [veth('eth0', 11, 10, 0)] }, sw]),
    );
    expect(peers(facts)).toEqual([
      'h1/1 eth0 -> h1/5 p1',
      'h1/5 p1 -> h1/1 eth0',
      'h1/5 p2 -> h2/2 eth0',
      'h2/2 eth0 -> h2/5 p2',
      'h2/5 p1 -> h1/1 eth0',
      'h2/5 p2 -> h2/2 eth0',
    ]);
  });
});

describe('parents of macvlan, ipvlan and vlan', () => {
  const child = (more: Partial<LinkSketch> = {}): LinkSketch => ({ name: 'eth0', index: 20, kind: 'macvlan', peer: 2, nsid: 0, ...more });

  test('in the same namespace', () => {
    expect(
      peers(
        estate(
          host('h1', [
            {
              inode: '1',
              links: [
                { name: 'eth0', index: 2 },
                { name: 'eth0.5', index: 3, kind: 'vlan', peer: 2, data: { id: 5 } },
              ],
            },
          ]),
        ),
      ),
    ).toEqual(['h1/1 eth0.5 -> h1/1 eth0']);
  });

  test('in the only namespace that has the index', () => {
    expect(
      peers(
        estate(
          host('h1', [
            { inode: '1', links: [{ name: 'eth0', index: 2 }] },
            { inode: '2', links: [child()] },
          ]),
        ),
      ),
    ).toEqual(['h1/2 eth0 -> h1/1 eth0']);
  });

  test('not where two have it', () => {
    expect(
      peers(
        estate(
          host('h1', [
            { inode: '1', links: [{ name: 'eth0', index: 2 }] },
            { inode: '3', links: [{ name: 'eth0', index: 2 }] },
            { inode: '2', links: [child()] },
          ]),
        ),
      ),
    ).toEqual(['h1/2 eth0 -> ?']);
  });

  test("a container's in the engine's namespace, whoever else has the index", () => {
    const facts = estate(
      host('h1', [
        { inode: '1', kind: 'host', links: [{ name: 'eth0', index: 2 }] },
        { inode: '3', links: [{ name: 'eth0', index: 2 }] },
        { inode: '2', containers: [id('aa')], links: [child()] },
      ]),
    );
    expect(peers(facts)).toEqual(['h1/2 eth0 -> h1/1 eth0']);
  });

  test('an ipvlan has the MAC address of its parent', () => {
    const facts = estate(
      host('h1', [
        { inode: '1', links: [{ name: 'eth0', index: 2, mac: '02:00:00:00:00:aa' }] },
        { inode: '3', links: [{ name: 'eth0', index: 2, mac: '02:00:00:00:00:bb' }] },
        { inode: '2', links: [child({ kind: 'ipvlan', mac: '02:00:00:00:00:bb' })] },
      ]),
    );
    expect(peers(facts)).toEqual(['h1/2 eth0 -> h1/3 eth0']);
  });
});
