// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** What is wrong on the hosts, through every door. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import { fact } from '../support/estate.ts';
import { runCli } from './run-cli.ts';
import { type Service, startService } from './service.ts';
import { hostOne, smallEstate } from './small-estate.ts';

/** web publishes 8080 and runs for a day, and its only socket is gone. */
const broken = (): EstateFacts => [
  {
    ...hostOne(),
    facts: hostOne().facts.map((one) => {
      if (one.source === 'ss' && one.netns === '2') return fact('ss', '', '2');
      return one.source === 'docker.containers' ? { ...one, data: one.data.replaceAll('2026-01-01T', '2025-12-31T') } : one;
    }),
  },
  smallEstate()[1]!,
];

let service: Service;
let recording: string;

beforeAll(async () => {
  service = await startService(smallEstate());
  await service.rest('POST', '/api/v1/snapshots', { label: 'whole' });
  service.setFacts(broken());
  await service.rest('POST', '/api/v1/snapshots', { label: 'broken' });
  recording = path.join(service.folder, 'recording');
  await writeRecording(recording, broken());
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

const FIELDS =
  'id host code severity title subject { kind name id } container text why evidence { host netns collector locator excerpt collectedAt } remedy causedBy';
const query = `query ($filter: FindingFilter, $at: String) { findings(filter: $filter, at: $at) { totalCount nodes { ${FIELDS} } gaps { host source reason } } }`;

test.each<[string, string | null, Record<string, string>, number]>([
  ['live', null, {}, 2],
  ['by severity and container', null, { severity: 'MEDIUM', container: 'web' }, 1],
  ['of another severity', null, { severity: 'HIGH' }, 0],
  ['of another kind', null, { code: 'STALE_DNAT' }, 0],
  ['at a snapshot in which it was not yet', 'whole', { container: 'web' }, 0],
  ['at a snapshot', 'broken', { host: 'h1', code: 'PORT_WITHOUT_LISTENER' }, 1],
])('%s', async (_, at, filter, count) => {
  const rest = await service.rest('GET', `/api/v1/findings?${new URLSearchParams({ ...filter, ...(at && { at }) })}`);
  expect(rest.json.items).toHaveLength(count);
  const graphql = await service.graphql(query, { filter, at });
  expect(graphql.errors).toBeUndefined();
  expect(graphql.data.findings.nodes).toEqual(rest.json.items);
  expect(graphql.data.findings.gaps).toEqual(rest.json.gaps.map(({ host, source, reason }: any) => ({ host, source, reason })));
  const flags = Object.entries(filter).flatMap(([name, value]) => [`--${name}`, value]);
  const remote = await runCli('findings', '--json', '--server', service.url, ...flags, ...(at ? ['--snapshot', at] : []));
  const own = await runCli('findings', '--json', ...flags, ...(at ? ['--snapshot', at] : ['--recording', recording]));
  expect([JSON.parse(remote.out), JSON.parse(own.out)]).toEqual([rest.json, rest.json]);
  expect([remote.code, own.code]).toEqual([0, 0]);
});

test('a finding says what is wrong, about what, by which line', async () => {
  const { json } = await service.rest('GET', '/api/v1/findings');
  const [first] = json.items.filter(({ container }: any) => container === 'web');
  expect(first).toMatchObject({
    id: 'finding:h1/PORT_WITHOUT_LISTENER/container:h1/web/80/tcp',
    subject: { kind: 'container', name: 'web', id: 'container:h1/web' },
    text: 'web publishes 8080 → 80/tcp, but nobody listens there.',
    evidence: [{ host: 'h1', collector: 'docker.containers' }],
    causedBy: null,
  });
  const { data } = await service.graphql('query ($id: ID!) { node(id: $id) { id ... on Finding { code } } }', { id: first.id });
  expect(data.node).toEqual({ id: first.id, code: 'PORT_WITHOUT_LISTENER' });
});

describe('bad input', () => {
  test.each([['severity=SEVERE'], ['code=nothing'], ['first=5000'], ['after=x']])('%s is refused', async (text) => {
    const { status, json } = await service.rest('GET', `/api/v1/findings?${text}`);
    expect(status).toBe(400);
    expect(json.code).toMatch(/^BAD_/);
  });
});
