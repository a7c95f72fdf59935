/** Changes by what happened. */
import { describe, expect, test } from '@jest/globals';
import { diffModels } from '../../src/diff/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { readRecorded } from '../lab/recordings.ts';
import { type ContainerSketch, estate, type HostSketch, id, type NetnsSketch, network } from '../support/estate.ts';

const own = (rules: readonly string[] = []): NetnsSketch => ({
  inode: '1',
  kind: 'host',
  links: [{ name: 'eth0', index: 2, addresses: ['10.77.0.11/24'] }],
  iptables: `*filter\n:FORWARD ACCEPT [0:0]\n:DOCKER-USER - [0:0]\n${rules.map((rule) => `${rule}\n`).join('')}COMMIT\n`,
});
const inside = (container: string, address: string): NetnsSketch => ({
  inode: '2',
  containers: [container],
  links: [{ name: 'eth0', index: 8, addresses: [`${address}/16`] }],
});
const web = (change: Partial<ContainerSketch> = {}, address = '172.18.0.2'): ContainerSketch => ({
  id: id('aaaa'),
  name: 'web',
  endpoints: [{ network: 'appnet', ipv4: address }],
  ...change,
});
const host = (containers: readonly ContainerSketch[], rules: readonly string[] = [], networks = [network('appnet')]): HostSketch => ({
  name: 'h1',
  networks,
  containers,
  namespaces: [own(rules), ...containers.map((c) => inside(c.id, '172.18.0.2'))],
});
const groups = (before: HostSketch, after: HostSketch) => {
  const { groups, changes, summary } = diffModels(buildModel(estate(before)), buildModel(estate(after)));
  return { summary, told: groups.map(({ kind, title, members }) => [kind, title, members.map((i) => changes[i]?.kind)]) };
};

describe('a container', () => {
  test.each<readonly [string, ContainerSketch[], ContainerSketch[], string | null]>([
    ['that nothing happened to', [web()], [web()], null],
    ['that was removed', [web()], [], 'web was removed on h1'],
    ['that was made anew with another address', [web()], [web({ id: id('bbbb') }, '172.18.0.9')], 'web was recreated: 172.18.0.2 → 172.18.0.9 on h1'],
    ['that stopped', [web()], [web({ state: 'exited' }, '')], 'web stopped on h1'],
    ['that was paused', [web()], [web({ state: 'paused' })], 'web is paused on h1'],
    ['that was unpaused', [web({ state: 'paused' })], [web()], 'web goes on on h1'],
    [
      'that was connected to a second network',
      [web()],
      [
        web({
          endpoints: [
            { network: 'appnet', ipv4: '172.18.0.2' },
            { network: 'back', ipv4: '172.19.0.2' },
          ],
        }),
      ],
      'web was connected to back on h1',
    ],
  ])('%s', (_, before, after, title) => {
    const { told, summary } = groups(host(before), host(after));
    expect(told.filter(([kind]) => kind === 'container').map(([, text]) => text)).toEqual(title === null ? [] : [title]);
    expect(summary).toMatch(title === null ? /^Nothing changed/ : new RegExp(`^${title.replaceAll('.', '\\.')}`));
  });
});

test('rules with the old and the new address are parts of it, others are not', () => {
  const rule = (address: string) => `-A FORWARD -d ${address}/32 -p tcp -m tcp --dport 80 -j ACCEPT`;
  const { told } = groups(
    host([web()], [rule('172.18.0.2')]),
    host([web({ id: id('bbbb') }, '172.18.0.9')], [rule('172.18.0.9'), '-A DOCKER-USER -s 172.18.0.90/32 -j DROP', '-A DOCKER-USER -s 172.18.0.91/32 -j DROP']),
  );
  expect(told).toEqual([
    ['container', 'web was recreated: 172.18.0.2 → 172.18.0.9 on h1', ['endpoint', 'container', 'filterRule', 'filterRule']],
    ['other', '2 filter rules added in host/iptables-nft/ip/filter/DOCKER-USER on h1', ['filterRule', 'filterRule']],
  ]);
});

test('a network that was removed takes its rules with it', () => {
  const { told } = groups(
    host([], ['-A FORWARD -s 172.19.0.0/16 -j ACCEPT'], [network('appnet'), network('back', { IPAM: { Config: [{ Subnet: '172.19.0.0/16' }] } })]),
    host([], []),
  );
  expect(told).toEqual([['network', 'network back was removed on h1', ['network', 'filterRule']]]);
});

test('every change of recorded hosts in altered states is in one group', async () => {
  const [a, b] = [await readRecorded('standing'), await readRecorded('beside')].map(({ facts }) => buildModel(facts));
  const { changes, groups } = diffModels(a!, b!);
  expect(changes.length).toBeGreaterThan(100);
  expect(groups.flatMap(({ members }) => members).sort((x, y) => x - y)).toEqual(changes.map((_, i) => i));
});
