// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Every value that a thing had, from when to when, through every door. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';

let service: Service;

const change = (from: string, to: string): EstateFacts =>
  smallEstate().map((host) => ({
    ...host,
    facts: host.facts.map((fact) => (fact.source === 'docker.containers' ? { ...fact, data: fact.data.replaceAll(from, to) } : fact)),
  }));
const readdressed = change('"172.18.0.3"', '"172.18.0.33"');
const renamed = change('"/db"', '"/database"');

beforeAll(async () => {
  service = await startService(smallEstate());
  for (const facts of [smallEstate(), smallEstate(), readdressed, renamed, renamed, smallEstate()]) {
    service.setFacts(facts);
    await service.rest('POST', '/api/v1/snapshots', {});
  }
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

const told = (objects: any[]) =>
  objects.map(({ kind, name, values }: any) => [
    kind,
    name,
    values.map(({ from, until, changes }: any) => [
      from.id,
      until?.id ?? null,
      changes.map(({ field, before, after }: any) => `${field} ${before} → ${after}`),
    ]),
  ]);

test('an endpoint that got another address, went, and came back', async () => {
  const { json } = await service.rest('GET', '/api/v1/history?name=db&kind=endpoint');
  expect(told(json)).toEqual([
    [
      'endpoint',
      'db',
      [
        [1, 3, []],
        [3, 4, ['ipv4 "172.18.0.3" → "172.18.0.33"']],
        [6, null, []],
      ],
    ],
  ]);
});

test('a name finds things of every kind, an id one', async () => {
  const all = (await service.rest('GET', '/api/v1/history?name=db')).json;
  expect(all.map(({ kind }: any) => kind)).toEqual(['container', 'endpoint']);
  expect((await service.rest('GET', `/api/v1/history?name=${all[0].id}`)).json).toEqual([all[0]]);
  expect((await service.rest('GET', '/api/v1/history?name=h1')).json.map(({ kind }: any) => kind)).toEqual(['host']);
});

test('every door says the same', async () => {
  const { json: rest } = await service.rest('GET', '/api/v1/history?name=db');
  const graphql = await service.graphql(
    '{ history(name: "db") { id kind host name values { from { id } until { id } data changes { field before after } } } }',
  );
  expect(graphql.errors).toBeUndefined();
  expect(graphql.data.history).toEqual(
    rest.map(({ kind, values, ...object }: any) => ({
      ...object,
      kind: kind.toUpperCase(),
      values: values.map(({ from, until, ...value }: any) => ({ ...value, from: { id: String(from.id) }, until: until && { id: String(until.id) } })),
    })),
  );
  expect(JSON.parse((await runCli('history', 'db', '--json')).out)).toEqual(rest);
  expect(JSON.parse((await runCli('history', 'db', '--json', '--server', service.url)).out)).toEqual(rest);
});

test('a person sees when what became what', async () => {
  const { out, code } = await runCli('history', 'db', '--kind', 'endpoint');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim().replace(/^\S+Z +/, ''))).toEqual([
    expect.stringMatching(/^endpoint db on h1/),
    'snapshot 1: first seen',
    'snapshot 3: ipv4 "172.18.0.3" → "172.18.0.33"',
    'gone',
    'snapshot 6: back',
    '',
  ]);
});

test('a name that no snapshot has is an error with the nearest ones', async () => {
  const { status, json } = await service.rest('GET', '/api/v1/history?name=bd');
  expect(status).toBe(404);
  expect(json).toMatchObject({ code: 'NOT_FOUND', candidates: expect.arrayContaining(['db']) });
});
