// biome-ignore-all lint/suspicious/noExplicitAny: a document of any shape is looked into.
/** The OpenAPI document is a valid one, complete, and what it shows works. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parseAll } from '../../src/intents/read.ts';
import { GROUPS } from '../../src/rest/index.ts';
import { problemDocument } from '../../src/rest/problem.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

let service: Service;
let document: any;
beforeAll(async () => {
  service = await startService(smallEstate(), undefined, { intents: parseAll([['intents.0', 'web must reach db:5432']]), targets: [] });
  document = (await service.rest('GET', '/api/v1/openapi.json')).json;
  await service.rest('POST', '/api/v1/snapshots', {});
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', {});
});
afterAll(() => service.stop());

test('is valid by the schema of OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

const operations = (): [string, string, any][] =>
  Object.entries<any>(document.paths).flatMap(([path, item]) =>
    Object.entries<any>(item).map(([method, operation]): [string, string, any] => [method, path, operation]),
  );

test('describes every operation and parameter, and has a tag and an example for each', () => {
  const wanting: string[] = [];
  for (const [method, path, operation] of operations()) {
    const needs = { summary: operation.summary, operationId: operation.operationId, tag: operation.tags?.[0] };
    for (const [what, value] of Object.entries(needs)) if (!value) wanting.push(`${method} ${path}: ${what}`);
    for (const parameter of operation.parameters) {
      if (!parameter.description) wanting.push(`${method} ${path}: description of ${parameter.name}`);
      if (parameter.required && parameter.example === undefined) wanting.push(`${method} ${path}: example of ${parameter.name}`);
    }
    if (operation.requestBody && operation.requestBody.content['application/json'].example === undefined)
      wanting.push(`${method} ${path}: example of the body`);
    expect(document.tags.map(({ name }: any) => name)).toContain(operation.tags[0]);
  }
  expect(wanting).toEqual([]);
});

/** What there is nothing for on a small estate. */
const REFUSED: Readonly<Record<string, number>> = { 'POST /notices/{id}/retry': 404 };
/** What takes something away comes last. */
const all = Object.values(GROUPS)
  .flat()
  .map((route) => [`${route.method} ${route.path}`, route] as const)
  .sort(([a], [b]) => Number(a.startsWith('DELETE')) - Number(b.startsWith('DELETE')));

describe('the example of', () => {
  test.each(all)('%s is answered as the document says', async (name, route) => {
    const operation = document.paths[`/api/v1${route.path}`][route.method.toLowerCase()];
    const values = (place: string) =>
      operation.parameters
        .filter((parameter: any) => parameter.in === place && parameter.example !== undefined)
        .map((parameter: any) => [parameter.name, parameter.example]);
    const path = values('path').reduce(
      (text: string, [key, value]: [string, string]) => text.replace(`{${key}}`, encodeURIComponent(value)),
      `/api/v1${route.path}`,
    );
    expect(path).not.toContain('{');
    const { status, json } = await service.rest(
      route.method,
      `${path}?${new URLSearchParams(values('query'))}`,
      operation.requestBody?.content['application/json'].example,
    );
    const expected = REFUSED[name] ?? route.status ?? 200;
    expect([status, json]).toEqual([expected, expect.anything()]);
    const schema = name in REFUSED ? problemDocument : route.result;
    expect(schema.safeParse(json).error?.issues ?? []).toEqual([]);
  });
});
