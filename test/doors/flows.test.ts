/** Who reaches whom, and what changed of it, by every door. */
// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EstateFacts } from '../../src/model/facts.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { HOSTILE, smallEstate } from './small-estate.ts';

const DROP = '-A INPUT -p tcp -m tcp --dport 22 -j DROP';

/** The same with a rule that keeps everybody from one port of the host. */
const closedEstate = (): EstateFacts =>
  smallEstate().map((host) => ({
    ...host,
    facts: host.facts.map((fact) =>
      fact.source === 'iptables-nft' ? { ...fact, data: fact.data.replace('[2:120] -A DOCKER-USER', `${DROP}\n[2:120] -A DOCKER-USER`) } : fact,
    ),
  }));

let service: Service;
beforeAll(async () => {
  service = await startService(smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'open' });
  service.setFacts(closedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'closed' });
});
afterAll(() => service.stop());

const SETS = '{ id sources { reference } targets { reference } protocol ports otherPorts verdict }';
const graphql = async (query: string) => (await service.graphql(query)).data;

test('GraphQL and REST tell the same matrix, page by page', async () => {
  const { reachabilityMatrix: whole } = await graphql(`{ reachabilityMatrix(at: "open", first: 1000) { nodes ${SETS} totalCount summary } }`);
  const { json } = await service.rest('GET', '/api/v1/matrix?at=open');
  expect(json.summary).toBe(whole.summary);
  expect(json.items.map((item: any) => item.id)).toEqual(whole.nodes.map((node: any) => node.id));
  expect(new Set(whole.nodes.map((node: any) => node.id)).size).toBe(whole.totalCount);
  const first = (await service.rest('GET', '/api/v1/matrix?at=open&first=2')).json;
  const second = (await service.rest('GET', `/api/v1/matrix?at=open&first=2&after=${first.endCursor}`)).json;
  expect([...first.items, ...second.items]).toEqual(json.items.slice(0, 4));
});

test('every verdict of the matrix is that of the question', async () => {
  const { json } = await service.rest('GET', '/api/v1/matrix?at=open&protocol=tcp');
  for (const { sources, targets, ports, verdict } of json.items as any[]) {
    const [from, to] = sources.flatMap((s: any) => targets.map((t: any) => [s.reference, t.reference])).find(([a, b]: string[]) => a !== b);
    if (ports.length === 0) continue;
    const { json: answer } = await service.rest('POST', '/api/v1/reachability?at=open', { from, to, port: ports[0] });
    expect([from, to, ports[0], answer.verdict]).toEqual([from, to, ports[0], verdict]);
  }
});

test('filters leave what they say', async () => {
  const { json } = await service.rest('GET', '/api/v1/matrix?at=open&container=db&protocol=tcp&port=5432&verdict=REACHABLE');
  expect(json.items.length).toBeGreaterThan(0);
  for (const { sources, targets, ports, verdict, protocol } of json.items as any[]) {
    expect([...sources, ...targets].some(({ name }: any) => name === 'db')).toBe(true);
    expect([ports, verdict, protocol]).toEqual([[5432], 'REACHABLE', 'tcp']);
  }
  const unnamed = (await service.rest('GET', '/api/v1/matrix?at=open&container=db&protocol=tcp&port=12345&verdict=REACHABLE')).json;
  expect(unnamed.items.filter(({ targets }: any) => targets.some(({ name }: any) => name === 'db'))).toEqual([]);
});

test('what the filter names must be there', async () => {
  const { status, json } = await service.rest('GET', '/api/v1/matrix?at=open&container=dp');
  expect([status, json.code, json.candidates]).toEqual([404, 'NOT_FOUND', ['db']]);
  expect((await service.rest('GET', '/api/v1/matrix?at=open&port=70000')).json.code).toBe('BAD_ARGUMENT');
  expect((await service.rest('GET', '/api/v1/matrix?at=nowhere')).json.code).toBe('UNKNOWN_SNAPSHOT');
  expect((await service.rest('GET', '/api/v1/matrix?at=open&after=xyz')).json.code).toBe('BAD_CURSOR');
});

test('a rule that closes flows is named, with a flow that it closed', async () => {
  const { json } = await service.rest('GET', '/api/v1/diff/flows?from=open&to=closed');
  expect(json.items).toHaveLength(1);
  const [set] = json.items;
  expect([set.before, set.after, set.protocol, set.ports, set.otherPorts]).toEqual(['REACHABLE', 'UNREACHABLE', 'tcp', [22], false]);
  expect(set.sources.map(({ name }: any) => name)).toContain('web');
  expect(set.targets.map(({ name }: any) => name)).toEqual(['h1']);
  expect(set.proved).toBe(true);
  expect(set.changes[0].text).toContain(DROP.replace('-A INPUT ', ''));
  expect(set.witness).toEqual({ from: set.sources[0].reference, to: 'host:h1', protocol: 'tcp', port: 22 });
  expect(json.summary).toMatch(/^\d+ flows? closed, 0 opened\.$/);
  const { flowDiff } = await graphql(
    '{ flowDiff(from: "open", to: "closed") { nodes { id before after proved changes { text } witness { to port } } summary } }',
  );
  expect(flowDiff.nodes.map(({ id }: any) => id)).toEqual([set.id]);
  expect(flowDiff.summary).toBe(json.summary);
});

test('back again it opens; without a difference no flow changed', async () => {
  service.setFacts(smallEstate());
  const { json } = await service.rest('GET', '/api/v1/diff/flows?from=closed&to=live');
  expect(json.items.map(({ before, after }: any) => [before, after])).toEqual([['UNREACHABLE', 'REACHABLE']]);
  expect((await service.rest('GET', '/api/v1/diff/flows?from=open&to=live')).json.summary).toBe('No flow changed its verdict.');
});

test('the later snapshot cannot come first, and both must be there', async () => {
  expect((await service.rest('GET', '/api/v1/diff/flows?from=closed&to=open')).json.code).toBe('BAD_ARGUMENT');
  expect((await service.rest('GET', '/api/v1/diff/flows?from=closed&to=nowhere')).json.code).toBe('UNKNOWN_SNAPSHOT');
  expect((await service.rest('GET', '/api/v1/diff/flows?from=open&to=closed&host=h9')).json.code).toBe('NOT_FOUND');
});

test('the command line prints both, and nothing that a terminal would obey', async () => {
  const matrix = await runCli('matrix', '--server', service.url, '--snapshot', 'open');
  expect(matrix.code).toBe(0);
  expect(matrix.out).toMatch(/^Flows between \d+ places/);
  expect(matrix.out).toMatch(/web.*db.*tcp 5432.*REACHABLE/);
  expect(matrix.out).not.toContain(HOSTILE.slice(4, 6));
  const diff = await runCli('diff', 'open', 'closed', '--flows', '--server', service.url);
  expect(diff.out).toMatch(/\d+ flows? closed, 0 opened\./);
  expect(diff.out).toMatch(/closed .*host:h1 on tcp 22: REACHABLE → UNREACHABLE\n {4}by .*DROP/);
  const json = await runCli('diff', 'open', 'closed', '--flows', '--json', '--server', service.url);
  expect(JSON.parse(json.out).flows.items).toHaveLength(1);
});
