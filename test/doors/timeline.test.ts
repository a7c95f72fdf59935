// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** When something changed, through every door. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enumName } from './enum-name.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

let service: Service;

beforeAll(async () => {
  service = await startService(smallEstate());
  for (const [facts, label] of [
    [smallEstate(), null],
    [smallEstate(), 'quiet'],
    [changedEstate(), null],
    [smallEstate().slice(0, 1), null],
  ] as const) {
    service.setFacts(facts);
    await service.rest('POST', '/api/v1/snapshots', { label });
  }
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

const timeline = async (query = '') => (await service.rest('GET', `/api/v1/timeline${query}`)).json;

test('each snapshot says in how many places it is not as the one before, the first of all in none', async () => {
  const { items, totalCount } = await timeline();
  expect(totalCount).toBe(4);
  expect(
    items.map(({ snapshot, snapshots, changes, kinds, marked }: any) => [snapshot.id, snapshots, changes, kinds, marked.map(({ label }: any) => label)]),
  ).toEqual([
    [4, 1, 2, ['host', 'network'], []],
    [3, 1, 1, ['network'], []],
    [2, 1, 0, [], ['quiet']],
    [1, 1, 0, [], []],
  ]);
});

test('a page says the same of its snapshots as the whole', async () => {
  const { items } = await timeline();
  const { items: first, endCursor } = await timeline('?first=2');
  const { items: rest, hasNextPage } = await timeline(`?first=2&after=${endCursor}`);
  expect([...first, ...rest]).toEqual(items);
  expect(hasNextPage).toBe(false);
});

test('the snapshots of a day are one moment, with the sum of what changed', async () => {
  const day = await timeline('?step=day');
  const { items } = await timeline();
  const days = new Set(items.map(({ snapshot }: any) => snapshot.takenAt.slice(0, 10)));
  expect(day.totalCount).toBe(days.size);
  expect(day.items.reduce((sum: number, { changes }: any) => sum + changes, 0)).toBe(3);
  expect(day.items.reduce((sum: number, { snapshots }: any) => sum + snapshots, 0)).toBe(4);
});

test('only a time that is asked for', async () => {
  const { items } = await timeline();
  const { items: middle } = await timeline(`?since=${items[2].snapshot.takenAt}&until=${items[1].snapshot.takenAt}`);
  expect(middle).toEqual(items.slice(1, 3));
  expect((await timeline('?until=2000-01-01T00:00:00Z')).items).toEqual([]);
});

test('every door says the same', async () => {
  const { items } = await timeline();
  const { data } = await service.graphql('{ timeline { totalCount nodes { snapshot { id } snapshots changes kinds marked { id } } } }');
  expect(data.timeline.nodes).toEqual(
    items.map(({ snapshot, snapshots, changes, kinds, marked }: any) => ({
      snapshot: { id: String(snapshot.id) },
      snapshots,
      changes,
      kinds: kinds.map(enumName),
      marked: marked.map(({ id }: any) => ({ id: String(id) })),
    })),
  );
  const remote = await runCli('timeline', '--json', '--server', service.url);
  const own = await runCli('timeline', '--json');
  expect([JSON.parse(remote.out), JSON.parse(own.out)]).toEqual([items, items]);
  expect((await runCli('timeline')).out).toMatch(/UNTIL +SNAPSHOTS +LAST +CHANGES +OF +LABELS/);
});

test.each([
  ['?step=week', /step/],
  ['?since=yesterday', /since/],
  ['?after=x', /cursor/],
  ['?first=5000', /first/],
])('%s is refused', async (query, says) => {
  const { status, json } = await service.rest('GET', `/api/v1/timeline${query}`);
  expect([status, json.code]).toEqual([400, expect.stringMatching(/^BAD_/)]);
  expect(json.detail).toMatch(says);
});
