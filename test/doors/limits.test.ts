// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** What one request may take. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { LIMITS } from '../../src/model/limits.ts';
import { Allowance } from '../../src/operations/allowance.ts';
import { inTurns } from '../../src/operations/matrix.ts';
import { Turns } from '../../src/operations/turns.ts';
import { costOf } from '../../src/resolvers/cost.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';
import { manyEndpoints } from './many-endpoints.ts';
import { type Service, startService } from './service.ts';

const schema = buildSchema(readSdl().join('\n'));
const cost = (query: string, variables = {}) => costOf({ schema, document: parse(query), variables });
const until = async (so: () => boolean) => {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 5));
};

let service: Service;
beforeAll(async () => {
  service = await startService(manyEndpoints(300), undefined, undefined, { cost: 5000 });
});
afterAll(() => service.stop());

describe('the cost of a query', () => {
  test.each<readonly [string, string, object, number]>([
    ['is one for each value', '{ hosts { totalCount } }', {}, 2],
    ['counts a page as large as it may be', '{ hosts(first: 7) { nodes { id name } } }', {}, 1 + 7 * 3],
    ['knows the size that a page has by default', '{ hosts { nodes { id } } }', {}, 1 + 100 * 2],
    ['takes the size from variables', 'query ($n: Int = 3) { hosts(first: $n) { nodes { id } } }', { n: 5 }, 1 + 5 * 2],
    ['or their defaults', 'query ($n: Int = 3) { hosts(first: $n) { nodes { id } } }', {}, 1 + 3 * 2],
    ['multiplies pages in pages', '{ hosts(first: 2) { nodes { containers(first: 5) { nodes { id } } } } }', {}, 1 + 2 * (1 + 1 + 5 * 2)],
    ['counts edges as nodes', '{ hosts(first: 2) { edges { cursor node { id } } } }', {}, 1 + 2 * (1 + 1 + 2)],
    ['counts every alias', '{ a: hosts(first: 1) { totalCount } b: hosts(first: 1) { totalCount } }', {}, 4],
    ['follows fragments', 'fragment F on HostConnection { nodes { id } } { hosts(first: 4) { ...F ... on HostConnection { totalCount } } }', {}, 1 + 4 * 2 + 1],
    [
      'counts each question of a batch',
      'query ($q: [QuestionInput!]!) { reachabilityBatch(questions: $q) { id } }',
      { q: Array(10).fill({ from: 'a', to: 'b:1' }) },
      10 * 21,
    ],
  ])('%s', (_, query, variables, expected) => {
    expect(cost(query, variables)).toBe(expected);
  });

  test('is more where the engine works', () => {
    expect(cost('{ reachabilityMatrix(first: 1) { totalCount } }')).toBeGreaterThan(10_000);
  });

  test('above the limit is refused before it runs, with both figures', async () => {
    const { data, errors } = await service.graphql('{ endpoints(first: 1000) { nodes { id container { id name image state } network { id } } } }');
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/costs \d+,?\d*; the limit is 5,000/),
        extensions: expect.objectContaining({ code: 'TOO_COSTLY' }),
      }),
    ]);
  });

  test('that only the answer shows ends it', async () => {
    const { errors } = await service.graphql(
      '{ hosts(first: 1) { nodes { containers { nodes { endpoints(first: 1) { nodes { network { endpoints { nodes { container { id name } } } } } } } } } } }',
    );
    expect(errors[0]).toMatchObject({ message: expect.stringContaining('at least'), extensions: { code: 'TOO_COSTLY' } });
  });
});

describe('a document of unusual shape', () => {
  test.each([
    ['ten thousand aliases', `{ hosts { ${Array.from({ length: 10_000 }, (_, i) => `x${i}: totalCount`).join(' ')} } }`, 'TOO_COSTLY', /5000 fields/],
    ['many empty fragments', `{ hosts { ${'... on HostConnection { totalCount } '.repeat(5000)} } }`, 'TOO_COSTLY', /5000 fields/],
    [
      'fragments that double',
      `{ ...F0 } ${Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F30 on Query { hosts { totalCount } }`,
      'TOO_COSTLY',
      /5000 fields/,
    ],
    ['a circle of fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }', 'BAD_QUERY', /itself/],
    ['many directives', `{ hosts ${'@include(if: true) '.repeat(1000)} { totalCount } }`, 'BAD_QUERY', /used once/],
    ['more words than are read', `{ ${'a '.repeat(60_000)} }`, 'BAD_QUERY', /tokens/],
    ['deep introspection', `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`, 'BAD_QUERY', /introspection depth/],
    [
      'depth',
      `{ hosts { nodes { ${'networks(first: 1) { nodes { endpoints(first: 1) { nodes { container { '.repeat(4)} id ${'} } } } }'.repeat(4)} } } }`,
      'TOO_COSTLY',
      /deeper than 18/,
    ],
  ])('%s is refused', async (_, query, code, message) => {
    const { data, errors } = await service.graphql(query);
    expect(data).toBeUndefined();
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code, hint: expect.stringMatching(/./) } });
  });

  test('is in bounds for the introspection of common tools', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect(cost(getIntrospectionQuery())).toBeLessThan(LIMITS.cost);
    expect((await service.graphql(getIntrospectionQuery())).errors).toBeUndefined();
  });
});

describe('time', () => {
  test('is over for a question that nobody answers', async () => {
    const stuck = await startService(manyEndpoints(1), undefined, undefined, { seconds: 0.1 });
    stuck.context.estates.at = () => new Promise<never>(() => {});
    expect((await stuck.graphql('{ hosts { totalCount } }')).errors[0]).toMatchObject({
      message: expect.stringContaining('0.1 s'),
      extensions: { code: 'TIMEOUT' },
    });
    expect(await stuck.rest('GET', '/api/v1/hosts')).toMatchObject({ status: 503, json: { code: 'TIMEOUT' } });
    await stuck.stop();
  });

  const endless = function* (): Generator<null, never> {
    for (;;) yield null;
  };

  test('is over for work that does not end by itself', async () => {
    const allowance = new Allowance({ seconds: 0.05, cost: 1 });
    let ended = false;
    const work = () =>
      inTurns(endless(), new Turns(allowance), () => {}).catch((error: unknown) => {
        ended = true;
        throw error;
      });
    await expect(allowance.within(work)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await until(() => ended);
  });

  test('is over for a client that went away: the batch that it asked for ends', async () => {
    const other = await startService(manyEndpoints(10));
    const check = jest.spyOn(Allowance.prototype, 'check');
    const asking = request(`${other.url}/api/v1/reachability`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    asking.on('error', () => {});
    asking.end(JSON.stringify({ questions: Array.from({ length: 10_000 }, () => ({ from: 'c0', to: 'c1:80' })) }));
    await until(() => check.mock.calls.length > 1);
    asking.destroy();
    await until(() => check.mock.results.some(({ type, value }) => type === 'throw' && (value as Error).message.startsWith('Nobody waits')));
    check.mockRestore();
    await other.stop();
  });
});
