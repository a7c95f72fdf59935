// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** For every operation an agent is told what REST tells. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readIntents } from '../../src/intents/read.ts';
import { tools } from '../../src/mcp/tools/index.ts';
import { evidenceId } from '../../src/operations/evidence-id.ts';
import { overHttp } from './mcp-client.ts';
import { type Service, startService } from './service.ts';
import { changedEstate, smallEstate } from './small-estate.ts';

let service: Service;
let mcp: Awaited<ReturnType<typeof overHttp>>;

beforeAll(async () => {
  service = await startService(smallEstate(), undefined, {
    intents: readIntents('i', 'intents:\n  - web must reach db:5432\n  - web must reach db:81\n'),
    targets: [],
  });
  await service.rest('POST', '/api/v1/snapshots', { label: 'before' });
  service.setFacts(changedEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'after' });
  service.setFacts(smallEstate());
  mcp = await overHttp(service.url);
});
afterAll(async () => {
  await mcp.client.close();
  await service.stop();
});

/** Tool by which an agent has what a path of REST has; null: not for agents, on purpose. */
const TOOLS: Readonly<Record<string, string | null>> = {
  'GET /hosts': 'list',
  'GET /networks': 'list',
  'GET /endpoints': 'list',
  'GET /containers': 'list',
  'GET /nat-rules': 'list',
  'GET /filter-rules': 'list',
  'GET /routes': 'list',
  'GET /listeners': 'list',
  'GET /findings': 'findings',
  'POST /reachability': 'why',
  'GET /matrix': 'matrix',
  'GET /diff': 'diff',
  'GET /diff/flows': 'flow_diff',
  'GET /search': 'search',
  'GET /history': 'history',
  'GET /facts': 'facts',
  'GET /snapshots': 'snapshots',
  'GET /snapshots/{id}': 'snapshots',
  'GET /timeline': 'timeline',
  'POST /snapshots': 'take_snapshot',
  'POST /check': 'check',
  'GET /intents': 'intents',
  'GET /intents/history': 'intent_history',
  'GET /notices': 'notices',
  'GET /schedules': 'schedules',
  'GET /schedules/{name}/runs': 'schedule_runs',
  'GET /database/check': 'check_database',
  'GET /doctor': 'doctor',
  // What changes or deletes what is kept is for a person.
  'PATCH /snapshots/{id}': null,
  'DELETE /snapshots/{id}': null,
  'POST /database/prune': null,
  'GET /tokens': null,
  'POST /tokens': null,
  'DELETE /tokens/{id}': null,
  'POST /notices/{id}/retry': null,
};

test('every path has a tool, or is not for agents', async () => {
  const { paths } = (await service.rest('GET', '/api/v1/openapi.json')).json;
  const served = Object.entries<object>(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
  );
  expect(served.filter((operation) => !(operation in TOOLS))).toEqual([]);
  const names = tools.map(({ name }) => name);
  expect(Object.values(TOOLS).filter((name) => name !== null && !names.includes(name))).toEqual([]);
});

const rest = async (path: string) => (await service.rest('GET', `/api/v1${path}`)).json;
/** Hostile text is shown escaped to agents, and long text cut. */
const tame = (value: any) => JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'string' && /[\p{Cc}\p{Cf}]|^.{1001}/su.test(item) ? null : item)));

describe('lists', () => {
  test.each([
    ['hosts', {}],
    ['networks', { name: 'appnet' }],
    ['endpoints', { container: 'web' }],
    ['containers', { port: 8080 }],
    ['nat-rules', { chain: 'DOCKER' }],
    ['filter-rules', { action: 'drop' }],
    ['routes', { host: 'h1', namespace: 'host' }],
    ['listeners', { port: 5432 }],
  ])('%s', async (kind, filter) => {
    for (const at of [null, 'before']) {
      const query = new URLSearchParams({ ...Object.fromEntries(Object.entries(filter).map(([k, v]) => [k, String(v)])), first: '20', ...(at && { at }) });
      const { truncated, ...told } = (await mcp.call('list', { kind, filter, at })).structured;
      const same = await rest(`/${kind}?${query}`);
      expect(same.items.length).toBeGreaterThan(0);
      expect([told, truncated]).toEqual([same, []]);
      const one = await mcp.call('get', { id: same.items[0].id, at });
      expect(one.structured.node).toEqual(same.items[0]);
    }
  });

  test('page by page', async () => {
    const first = (await mcp.call('list', { kind: 'containers', first: 2 })).structured;
    const second = (await mcp.call('list', { kind: 'containers', first: 2, after: first.endCursor })).structured;
    expect([first.hasNextPage, second.hasNextPage, first.totalCount]).toEqual([true, false, 3]);
    const same = await rest('/containers');
    expect([...first.items, ...second.items].map(({ id }: any) => id.slice(0, 15))).toEqual(same.items.map(({ id }: any) => id.slice(0, 15)));
  });
});

/** All that an answer says of evidence, apart. */
function stripped({ evidence, blockers, forward, reply, ...same }: any) {
  return { ...same, blockers: blockers.map(({ evidence: _, ...blocker }: any) => blocker) };
}

test.each([
  ['web', 'db:5432', null],
  ['web', 'db:81', 'before'],
  ['10.0.0.66', '10.0.0.1:8080', null],
  ['db', 'http://web/', 'latest'],
  ['nobody', 'db:1', null],
])('why %s %s', async (from, to, at) => {
  const query = `?since=true${at ? `&at=${at}` : ''}`;
  const { status, json } = await service.rest('POST', `/api/v1/reachability${query}`, { from, to });
  const { structured, error } = await mcp.call('why', { from, to, at, since: true });
  if (status !== 200) {
    expect(error).toEqual({ code: json.code, message: json.detail, hint: json.hint, candidates: json.candidates });
    return;
  }
  const { evidence, summaryEvidence, path, wayBack, uri, truncated, blockers, ...told } = structured;
  expect({ ...told, blockers: blockers.map(({ evidence: _, ...blocker }: any) => blocker) }).toEqual(stripped(json));
  const proof = [...json.evidence, ...json.blockers.flatMap((blocker: any) => blocker.evidence)];
  for (const line of proof) expect(evidence).toContainEqual({ ...line, id: evidenceId(line) });
  expect(path.map(({ name, steps }: any) => [name, steps.map(({ action }: any) => action)])).toEqual(
    json.forward.hops.map(({ name, steps }: any) => [name, steps.map(({ action }: any) => action)]),
  );
  expect(wayBack?.length ?? null).toBe(json.reply?.hops.length ?? null);
  expect((await mcp.call('since', { from, to, at })).structured.since).toEqual(json.since);
});

test('many questions', async () => {
  const questions = [
    { id: 'a', from: 'web', to: 'db:5432' },
    { from: 'nobody', to: 'db:1' },
  ];
  const { json } = await service.rest('POST', '/api/v1/reachability', { questions });
  const { answers } = (await mcp.call('why_batch', { questions })).structured;
  expect(answers.map(({ id, answer, error }: any) => [id, answer?.summary, error])).toEqual(
    json.answers.map(({ id, summary, error }: any) => [id, summary, error ?? null]),
  );
});

test.each<readonly [string, Record<string, unknown>, string, (told: any) => unknown]>([
  ['diff', { from: 'before', to: 'after' }, '/diff?from=before&to=after', ({ totalChanges, uri, ...same }) => same],
  ['diff', { from: 'before', to: 'after', kinds: ['route'] }, '/diff?from=before&to=after&kinds=route', ({ totalChanges, uri, ...same }) => same],
  ['search', { text: '172.18.0.2' }, '/search?text=172.18.0.2', ({ hits }) => hits],
  ['history', { name: 'web' }, '/history?name=web', ({ objects }) => objects],
  ['snapshots', {}, '/snapshots?first=20', (same) => same],
  ['snapshots', { reference: 'before' }, '/snapshots/before', ({ items: [same] }) => same],
  ['timeline', { step: 'hour' }, '/timeline?step=hour&first=20', (same) => same],
  ['intents', {}, '/intents', (same) => same],
  ['intent_history', { intent: 'web must reach db:81' }, '/intents/history?intent=web+must+reach+db:81&first=20', (same) => same],
  ['notices', {}, '/notices?first=20', (same) => same],
  ['schedule_runs', { schedule: 'often' }, '/schedules/often/runs?first=20', ({ runs }) => runs],
  ['schedules', {}, '/schedules', ({ schedules }) => schedules],
  ['check_database', {}, '/database/check', (same) => same],
  ['doctor', {}, '/doctor', ({ checks }) => checks.map(({ name, state }: any) => ({ name, state }))],
])('%s %j', async (name, given, path, same) => {
  const { truncated, ...told } = (await mcp.call(name, given)).structured;
  const asked = await rest(path);
  expect(tame(same(told))).toEqual(tame(name === 'doctor' ? same(asked) : asked));
});

test('findings', async () => {
  const [h1, ...others] = smallEstate();
  // web publishes 8080 and runs for a day, and its only socket is gone
  const facts = h1!.facts.map((one) => {
    if (one.source === 'ss' && one.netns === '2') return { ...one, data: '' };
    return one.source === 'docker.containers' ? { ...one, data: one.data.replaceAll('2026-01-01T', '2025-12-31T') } : one;
  });
  service.setFacts([{ ...h1!, facts }, ...others]);
  const { truncated, ...told } = (await mcp.call('findings', {})).structured;
  const { lastKnown, ...same } = await rest('/findings?first=20');
  const withIds = same.items.map((item: any) => ({ ...item, evidence: item.evidence.map((line: any) => ({ ...line, id: evidenceId(line) })) }));
  service.setFacts(smallEstate());
  expect(told).toEqual({ ...same, items: withIds });
  expect(same.items[0].evidence.length).toBeGreaterThan(0);
});

test('flows', async () => {
  const named = (items: any[]) =>
    items.map(({ sources, targets, ...set }: any) => ({
      ...set,
      sources: sources.map((p: any) => p.reference),
      targets: targets.map((p: any) => p.reference),
    }));
  const same = await rest('/matrix?container=web&verdict=REACHABLE&first=20');
  expect(same.items.length).toBeGreaterThan(0);
  const { truncated, ...told } = (await mcp.call('matrix', { container: 'web', verdict: 'REACHABLE' })).structured;
  expect(told).toEqual({ ...same, items: named(same.items) });
  const changed = await rest('/diff/flows?from=before&to=after&first=20');
  const flows = (await mcp.call('flow_diff', { from: 'before', to: 'after' })).structured;
  expect([flows.summary, flows.items.map(({ id }: any) => id)]).toEqual([changed.summary, changed.items.map(({ id }: any) => id)]);
});

test('intents that are given', async () => {
  const intents = ['web must reach db:5432', 'internet must not reach db'];
  const { json } = await service.rest('POST', '/api/v1/check', { intents });
  const { truncated, ...told } = (await mcp.call('check', { intents })).structured;
  expect(told).toEqual(json);
});

test('facts, line by line', async () => {
  const [h1] = await rest('/facts?at=before');
  const rules = h1.facts.find(({ source }: any) => source === 'iptables-nft');
  const told = (await mcp.call('facts', { host: 'h1', source: 'iptables-nft', at: 'before' })).structured;
  expect(told.facts[0].lines.map(({ text }: any) => text)).toEqual(rules.data.trimEnd().split('\n'));
  expect(told.collectedAt).toBe(h1.collectedAt);
});

test('a snapshot that an agent takes is there for all', async () => {
  const { structured } = await mcp.call('take_snapshot', { label: 'by an agent' });
  const { json } = await service.rest('GET', '/api/v1/snapshots/latest');
  expect(structured.snapshot).toEqual(json);
  await service.rest('DELETE', `/api/v1/snapshots/${json.id}`);
});
