// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** How often the hosts and the database are read for one question, however much it asks for. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { manyEndpoints } from './many-endpoints.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';

const COUNT = 1100;
let service: Service;
const reads: string[] = [];

beforeAll(async () => {
  service = await startService(manyEndpoints(COUNT));
  await service.rest('POST', '/api/v1/snapshots', { label: 'first' });
  for (const name of Object.getOwnPropertyNames(SnapshotStore.prototype)) {
    const { value: method } = Object.getOwnPropertyDescriptor(SnapshotStore.prototype, name)!;
    if (name === 'constructor' || typeof method !== 'function') continue;
    jest.spyOn(SnapshotStore.prototype, name as 'facts').mockImplementation(function (this: SnapshotStore, ...input: unknown[]) {
      reads.push(name);
      return method.apply(this, input);
    });
  }
  const { at } = service.context.estates;
  service.context.estates.at = function (this: any, reference) {
    if (reference == null) reads.push('live');
    return at.call(this, reference);
  };
});
afterAll(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const NESTED = `endpoints(first: 1000) { totalCount nodes { ipv4 network { name driver } container { name endpoints(first: 3) { nodes { network { name } container { name } } } } } }`;
const asked = async (query: string) => {
  reads.length = 0;
  const { data, errors } = await service.graphql(query);
  expect(errors).toBeUndefined();
  return data;
};

test('a thousand endpoints, their networks, containers and their endpoints again, are read once from the hosts', async () => {
  const { endpoints } = await asked(`{ ${NESTED} }`);
  expect(endpoints.totalCount).toBe(COUNT);
  expect(endpoints.nodes).toHaveLength(1000);
  expect(endpoints.nodes[999].container.endpoints.nodes[0].container.name).toBe(endpoints.nodes[999].container.name);
  expect(reads).toEqual(['live']);
});

test('at a snapshot its facts are read once, and then kept', async () => {
  await asked(`{ snapshot(id: "first") { ${NESTED} } }`);
  // What a reference means is looked up in the list of snapshots, for the snapshot and for what it holds.
  expect(reads.toSorted()).toEqual(['facts', 'list', 'list', 'resolve', 'resolve']);
  const { a } = await asked(
    `{ a: endpoints(first: 1000, at: "first") { nodes { container { name } } } b: networks(at: "first") { nodes { endpoints(first: 1000) { totalCount } } } }`,
  );
  expect(a.nodes).toHaveLength(1000);
  expect(reads.toSorted()).toEqual(['list', 'list', 'resolve', 'resolve']);
});

test('fields of one snapshot that are asked for together read its facts once', async () => {
  service.context.estates.forget(1);
  await asked('{ snapshot(id: "first") { hosts { totalCount } networks { totalCount } endpoints { totalCount } containers { totalCount } } }');
  expect(reads.filter((read) => read === 'facts')).toEqual(['facts']);
});

test('the command line follows the pages of a service to the end', async () => {
  const { out } = await runCli('endpoints', '--json', '--server', service.url);
  const { items, totalCount, hasNextPage } = JSON.parse(out);
  expect([items.length, totalCount, hasNextPage]).toEqual([COUNT, COUNT, false]);
  expect(new Set(items.map(({ id }: any) => id)).size).toBe(COUNT);
});
