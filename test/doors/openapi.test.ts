// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { listRoutes } from '../../src/rest/lists.ts';
import { reachabilityRoute } from '../../src/rest/reachability.ts';
import { snapshotRoutes } from '../../src/rest/snapshots.ts';
import { type Service, startService } from './service.ts';
import { smallEstate } from './small-estate.ts';

let service: Service;
let document: any;

beforeAll(async () => {
  service = await startService(smallEstate());
  document = (await service.rest('GET', '/api/v1/openapi.json')).json;
  await service.rest('POST', '/api/v1/snapshots', {});
  await service.rest('POST', '/api/v1/snapshots', {});
});
afterAll(() => service.stop());

function* nodes(value: any): Generator<any> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const child of Object.values(value)) yield* nodes(child);
}

test('is OpenAPI 3.1 with every path that is served', () => {
  expect(document.openapi).toBe('3.1.0');
  for (const path of [
    'hosts',
    'networks',
    'endpoints',
    'containers',
    'nat-rules',
    'filter-rules',
    'routes',
    'listeners',
    'snapshots',
    'snapshots/{id}',
    'timeline',
    'diff',
    'search',
    'reachability',
  ]) {
    expect(Object.keys(document.paths)).toContain(`/api/v1/${path}`);
  }
});

test('has parameters for all that stands in braces, unique operation ids and a response for each operation', () => {
  const ids: string[] = [];
  for (const [path, item] of Object.entries<
    Record<string, { operationId: string; parameters: { name: string; in: string }[]; responses: Record<string, unknown> }>
  >(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      ids.push(operation.operationId);
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(Object.keys(operation.responses)).toEqual(method === 'get' ? ['200', '304', 'default'] : [expect.stringMatching(/^20[01]$/), 'default']);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
});

test('refers only to schemas that it has', () => {
  const references = [...nodes(document)].flatMap((node) => (typeof node.$ref === 'string' ? [node.$ref] : []));
  expect(references.length).toBeGreaterThan(20);
  const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(references.filter((reference) => !names.includes(reference))).toEqual([]);
});

/** What a question cannot do without. */
const NEEDS: Readonly<Record<string, string>> = { '/search': '?text=web', '/history': '?name=web' };

describe('what is served is what the document says', () => {
  const routes = [...listRoutes, ...snapshotRoutes].filter(({ method }) => method === 'GET');
  test.each(routes.map((route) => [route.path, route] as const))('%s', async (path, route) => {
    const { status, json } = await service.rest('GET', `/api/v1${path.replace('{id}', 'latest')}${NEEDS[path] ?? ''}`);
    expect(status).toBe(200);
    const result = route.result.safeParse(json);
    expect(result.error?.issues ?? []).toEqual([]);
  });

  test('/reachability', async () => {
    for (const body of [
      { from: 'web', to: 'db:5432' },
      {
        questions: [
          { id: 1, from: 'web', to: 'db:81' },
          { from: 'x', to: 'y:1' },
        ],
      },
    ]) {
      const { json } = await service.rest('POST', '/api/v1/reachability', body);
      expect(z.safeParse(reachabilityRoute.result, json).error?.issues ?? []).toEqual([]);
    }
  });
});
