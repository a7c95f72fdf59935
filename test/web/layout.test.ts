/** Where things stand on the map, without a browser. */
import { describe, expect, test } from '@jest/globals';
import { shellCommand } from '../../src/util/shell.ts';
import { conditionOf } from '../../src/web/common/condition.ts';
import { referenceOf } from '../../src/web/common/reference.ts';
import { elements, pathElements } from '../../src/web/map/elements.ts';
import { type Box, type Layout, layout, OUTSIDE } from '../../src/web/map/layout.ts';
import { homeOf, picture } from '../../src/web/map/picture.ts';
import { missingPorts, publishedPorts } from '../../src/web/map/ports.ts';
import { formatRoute, parseRoute } from '../../src/web/use/address.ts';

type Estate = Parameters<typeof picture>[0];
type Container = Estate['containers']['nodes'][number];

const container = (host: string, name: string, networkNames: readonly string[], extra: Partial<Container> = {}): Container => ({
  id: `container:${host}/${name}`,
  host,
  name,
  image: 'busybox',
  state: 'running',
  health: null,
  restartCount: 0,
  exitCode: null,
  project: null,
  service: null,
  networkMode: networkNames[0] ?? 'none',
  networkNames,
  addresses: [],
  sharesNetworkOf: null,
  ports: [],
  ...extra,
});

const network = (host: string, name: string) => ({
  id: `network:${host}/${name}`,
  host,
  name,
  driver: 'bridge',
  internal: false,
  bridge: `br-${name}`,
  subnets: [],
});

function estate(containers: readonly Container[], hosts = ['h1', 'h2'], networks = ['a', 'b']): Estate {
  const host = (name: string) => ({
    id: `host:${name}`,
    name,
    hostname: name,
    kernel: null,
    addresses: [],
    gapCount: 0,
    collectedAt: '2026-01-01T00:00:00.000Z',
    engine: null,
    lastKnown: null,
  });
  return {
    hosts: { nodes: hosts.map(host), gaps: [] },
    networks: { totalCount: 0, nodes: hosts.flatMap((h) => networks.map((n) => network(h, n))) },
    containers: { totalCount: containers.length, nodes: containers },
    findings: { totalCount: 0, nodes: [] },
  };
}

const many = (count: number, host = 'h1') => Array.from({ length: count }, (_, i) => container(host, `c${String(i).padStart(4, '0')}`, [i % 2 ? 'a' : 'b']));

const overlap = (p: Box, q: Box) => Math.abs(p.x - q.x) < (p.w + q.w) / 2 && Math.abs(p.y - q.y) < (p.h + q.h) / 2;
const within = (inner: Box, outer: Box) =>
  Math.abs(inner.x - outer.x) <= (outer.w - inner.w) / 2 + 0.01 && Math.abs(inner.y - outer.y) <= (outer.h - inner.h) / 2 + 0.01;

function misplaced({ boxes }: Layout, drawn: ReturnType<typeof picture>): string[] {
  const of = (id: string) => boxes.get(id)!;
  const crossing = (ids: readonly string[]) =>
    ids.flatMap((id, i) =>
      ids
        .slice(i + 1)
        .filter((other) => overlap(of(id), of(other)))
        .map((other) => `${id} over ${other}`),
    );
  return [
    ...crossing([OUTSIDE, ...drawn.hosts.map(({ host }) => host.id)]),
    ...drawn.hosts.flatMap(({ host, groups }) => [
      ...crossing(groups.map((g) => g.id)),
      ...groups.filter((g) => !within(of(g.id), of(host.id))).map((g) => `${g.id} out of ${host.id}`),
      ...groups.flatMap((g) => [
        ...crossing(g.containers.map((c) => c.id)),
        ...g.containers.filter((c) => !within(of(c.id), of(g.id))).map((c) => `${c.id} out of ${g.id}`),
      ]),
    ]),
  ];
}

describe('the layout', () => {
  test('is the same for the same estate, in whichever order it comes', () => {
    const some = many(40);
    const once = layout(picture(estate(some)));
    expect(layout(picture(estate([...some].reverse())))).toEqual(once);
  });

  test.each([0, 1, 2, 7, 60, 300])('of %i containers puts each into its network and none onto another', (count) => {
    const drawn = picture(estate([...many(count), ...many(3, 'h2')]));
    expect(misplaced(layout(drawn), drawn)).toEqual([]);
  });

  test('stays where it was when a container comes and another goes', () => {
    const some = many(30);
    const before = layout(picture(estate(some)));
    const next = [...some.filter((c) => c.name !== 'c0004'), container('h1', 'aaa-new', ['b'])];
    const drawn = picture(estate(next));
    const after = layout(drawn, before);
    const moved = some
      .filter((c) => c.name !== 'c0004')
      .filter(({ id }) => after.boxes.get(id)!.x !== before.boxes.get(id)!.x || after.boxes.get(id)!.y !== before.boxes.get(id)!.y);
    expect(moved.map((c) => c.id)).toEqual([]);
    expect(after.boxes.get('container:h1/aaa-new')).toEqual(before.boxes.get('container:h1/c0004'));
    expect(misplaced(after, drawn)).toEqual([]);
  });
});

describe('the picture', () => {
  test('draws a container in the network that it was started with, and a line to the others', () => {
    const { hosts, links } = picture(estate([container('h1', 'web', ['a', 'b'], { networkMode: 'b' })]));
    expect(hosts[0]!.groups.find((g) => g.name === 'b')!.containers.map((c) => c.name)).toEqual(['web']);
    expect(links).toEqual([{ id: expect.any(String), from: 'container:h1/web', to: 'network:h1/a', kind: 'member' }]);
  });

  test('draws a sidecar beside the container whose network it has', () => {
    const owner = container('h1', 'app', ['b']);
    const sidecar = container('h1', 'sidecar', [], { networkMode: 'container:abc', sharesNetworkOf: 'app' });
    expect(homeOf(sidecar, new Map([owner, sidecar].map((c) => [c.name, c])))).toBe('b');
    expect(picture(estate([owner, sidecar])).links.map((l) => l.kind)).toEqual(['shares']);
  });

  test('of two containers that claim each other ends', () => {
    const a = container('h1', 'a', [], { sharesNetworkOf: 'b' });
    const b = container('h1', 'b', [], { sharesNetworkOf: 'a' });
    expect(picture(estate([a, b])).hosts[0]!.groups.map((g) => g.containers.length)).toContain(2);
  });

  test('is filtered by host, project and network', () => {
    const all = estate([container('h1', 'web', ['a'], { project: 'shop' }), container('h1', 'db', ['b']), container('h2', 'x', ['a'])]);
    const names = (filter: Parameters<typeof picture>[1]) =>
      picture(all, filter).hosts.flatMap((h) => h.groups.flatMap((g) => g.containers.map((c) => c.name)));
    expect(names({ host: 'h2' })).toEqual(['x']);
    expect(names({ project: 'shop' })).toEqual(['web']);
    expect(names({ network: 'b' })).toEqual(['db']);
  });

  test('has one element of an id, whatever things are called', () => {
    const drawn = picture(estate([container('h1', 'a', ['a'], { ports: [port('0.0.0.0', 80), port('::', 80)] }), container('h2', 'a', ['a'])]));
    const ids = elements(drawn, layout(drawn)).map((e) => e.data.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('open host:h1');
  });

  test('shows a path through what it has, and where it stops', () => {
    const drawn = picture(estate([container('h1', 'web', ['a'])]));
    const path = pathElements([OUTSIDE, 'host:h1', 'container:gone/x', 'container:h1/web'], true, layout(drawn));
    expect(path.filter((e) => e.group === 'edges').map((e) => [e.data.source, e.data.target])).toEqual([
      [OUTSIDE, 'gate host:h1'],
      ['gate host:h1', 'container:h1/web'],
    ]);
    expect(path.filter((e) => e.classes === 'stop')).toHaveLength(1);
    expect(pathElements(['container:gone/x'], true, layout(drawn))).toEqual([]);
  });
});

const port = (hostIp: string | null, hostPort: number | null, asked = '8080') => ({
  hostIp,
  hostPort,
  askedHostIp: '',
  askedHostPort: asked,
  containerPort: 80,
  protocol: 'tcp',
});

test('published ports are said once for both families, with an address where it is not any', () => {
  expect(publishedPorts([port('0.0.0.0', 8080), port('::', 8080), port('127.0.0.1', 81), port('::1', 81)])).toEqual([
    ':8080 → 80/tcp',
    '127.0.0.1:81 → 80/tcp',
    '[::1]:81 → 80/tcp',
  ]);
  expect(missingPorts([port(null, null), port(null, null, '')])).toEqual([':8080 → 80/tcp', ':any → 80/tcp']);
});

test('a state is said by sign and word, not by colour alone', () => {
  const states = ['running', 'exited', 'paused', 'restarting', 'dead', 'created', 'removing', 'odd'].map((state) =>
    conditionOf({ state, health: null, exitCode: 1 }),
  );
  expect(new Set(states.map((s) => s.sign)).size).toBe(states.length);
  expect(conditionOf({ state: 'running', health: 'unhealthy', exitCode: null })).toMatchObject({ word: 'unhealthy', tone: 'bad' });
  expect(conditionOf({ state: 'exited', health: null, exitCode: 137 }).word).toContain('137');
});

test('a container is called with its host where two hosts have one of that name', () => {
  const all = [container('h1', 'web', []), container('h2', 'web', []), container('h1', 'db', [])];
  expect(all.map((c) => referenceOf(c, all))).toEqual(['h1/web', 'h2/web', 'db']);
});

test('an address says what is shown and comes back the same', () => {
  const params = { from: 'shop/web', to: 'db:5432/udp?&#=%', at: '12' };
  expect(parseRoute(formatRoute('why', params))).toEqual({ view: 'why', rest: '', params });
  expect(parseRoute(formatRoute('tables', { at: null, q: '' }, 'nat/Rules'))).toEqual({ view: 'tables', rest: 'nat/Rules', params: {} });
  expect(parseRoute('#/nonsense/%E0%A4%A').view).toBe('map');
});

test('a command is written as a shell takes it', () => {
  expect(shellCommand(['iptables', '-m', 'comment', '--comment', "it's; $(reboot)", '-j', 'DROP'])).toBe(
    `iptables -m comment --comment 'it'\\''s; $(reboot)' -j DROP`,
  );
});
