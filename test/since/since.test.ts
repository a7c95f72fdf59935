// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Since when, and by what, over a history that is known. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeRecording } from '../../src/collectors/recording.ts';
import type { EstateFacts, Fact } from '../../src/model/facts.ts';
import { runCli } from '../doors/run-cli.ts';
import { type Service, startService } from '../doors/service.ts';
import { changedEstate, smallEstate } from '../doors/small-estate.ts';

let service: Service;
let recording: string;

const RULE = '-A INPUT -s 172.18.0.3/32 -p tcp -m tcp --dport 22 -j DROP';

function change(facts: EstateFacts, which: (fact: Fact) => boolean, data: (text: string) => string): EstateFacts {
  return facts.map((host) => ({ ...host, facts: host.facts.map((fact) => (which(fact) ? { ...fact, data: data(fact.data) } : fact)) }));
}
const isHostRules = ({ source, netns }: Fact) => source === 'iptables-nft' && netns === '1';
const dropped = (facts: EstateFacts) => change(facts, isHostRules, (text) => text.replace('-A DOCKER-USER -s 10', `${RULE}\n-A DOCKER-USER -s 10`));
const counted = (facts: EstateFacts, packets: number) => change(facts, isHostRules, (text) => text.replaceAll(/\[\d+:\d+\]/g, `[${packets}:${packets * 60}]`));
const deaf = (facts: EstateFacts) =>
  change(
    facts,
    ({ source, netns }) => source === 'ss' && netns === '3',
    () => '',
  );

const HISTORY = [
  smallEstate(),
  counted(smallEstate(), 11),
  changedEstate(),
  counted(changedEstate(), 12),
  dropped(changedEstate()),
  dropped(counted(changedEstate(), 13)),
  deaf(dropped(changedEstate())),
];

beforeAll(async () => {
  service = await startService(HISTORY[0]!);
  for (const facts of HISTORY) {
    service.setFacts(facts);
    await service.rest('POST', '/api/v1/snapshots', {});
  }
  recording = path.join(service.folder, 'now');
  await writeRecording(recording, HISTORY[5]!);
  process.env.DATABASE_URL = service.database;
});
afterAll(async () => {
  delete process.env.DATABASE_URL;
  await service.stop();
});

const since = async (from: string, to: string, at: string | null = null) => {
  const { json } = await service.rest('POST', `/api/v1/reachability?since=true${at ? `&at=${at}` : ''}`, { from, to });
  return { verdict: json.verdict, ...json.since, lastOther: json.since.lastOther?.id ?? null, first: json.since.first?.id ?? null };
};

test('a rule that was added is named, and proved to be it', async () => {
  service.setFacts(HISTORY[5]!);
  const found = await since('db', '172.18.0.1:22');
  expect(found).toMatchObject({ verdict: 'UNREACHABLE', state: 'CHANGED', lastOther: 4, first: 5, proved: true, certain: true });
  expect(found.changes.map(({ kind, action, host, text }: any) => [kind, action, host, text.includes(RULE)])).toEqual([['filterRule', 'added', 'h1', true]]);
  expect(found.text).toMatch(/^broken since snapshot 5 of .* \(worked in snapshot 4\): .*--dport 22 -j DROP on h1 added$/);
});

test('snapshots between which nothing but counters changed are not asked', async () => {
  service.setFacts(HISTORY[5]!);
  expect((await since('db', '172.18.0.1:22')).evaluated).toBeLessThanOrEqual(4);
});

test('as of a snapshot only those before it count', async () => {
  expect(await since('db', '172.18.0.1:22', '5')).toMatchObject({ state: 'CHANGED', lastOther: 4, first: 5, proved: true });
  expect(await since('db', '172.18.0.1:22', '3')).toMatchObject({ verdict: 'REACHABLE', state: 'ALWAYS_WORKED' });
});

test('what turned after the newest snapshot turned since then', async () => {
  service.setFacts(deaf(HISTORY[3]!));
  expect(await since('db', 'web:80')).toMatchObject({ verdict: 'REACHABLE', state: 'ALWAYS_WORKED' });
  service.setFacts(
    change(
      HISTORY[6]!,
      ({ source, netns }) => source === 'ss' && netns === '2',
      () => '',
    ),
  );
  const found = await since('db', 'web:80');
  expect(found).toMatchObject({ verdict: 'UNREACHABLE', state: 'CHANGED', lastOther: 7, first: null, proved: true });
  expect(found.changes[0]).toMatchObject({ kind: 'listener', action: 'removed' });
  expect(found.text).toMatch(/^broken since after snapshot 7 of /);
});

test('what works again says since when', async () => {
  service.setFacts(HISTORY[0]!);
  const found = await since('db', '172.18.0.1:22');
  expect(found).toMatchObject({ verdict: 'REACHABLE', state: 'CHANGED', lastOther: 7, first: null });
  expect(found.text).toMatch(/^works since after snapshot 7 .*/);
});

test('what never worked says so, and over how long', async () => {
  service.setFacts(HISTORY[5]!);
  const found = await since('web', 'db:81');
  expect(found).toMatchObject({ verdict: 'UNREACHABLE', state: 'NEVER_WORKED', lastOther: null, changes: [], certain: true });
  expect(found.text).toMatch(/^never worked in the kept history \(7 snapshots since /);
});

describe('every door', () => {
  test('says the same', async () => {
    service.setFacts(HISTORY[5]!);
    const { json } = await service.rest('POST', '/api/v1/reachability?since=true', { from: 'db', to: '172.18.0.1:22' });
    const graphql = await service.graphql(
      '{ reachability(from: "db", to: "172.18.0.1:22") { since { state text lastOther { id } first { id } changes { key text } proved evaluated certain } } }',
    );
    expect(graphql.errors).toBeUndefined();
    const { lastOther, first, changes, ...rest } = json.since;
    expect(graphql.data.reachability.since).toEqual({
      ...rest,
      lastOther: { id: String(lastOther.id) },
      first: { id: String(first.id) },
      changes: changes.map(({ key, text }: any) => ({ key, text })),
    });
    const remote = await runCli('why', 'db', '172.18.0.1:22', '--since', '--json', '--server', service.url);
    const own = await runCli('why', 'db', '172.18.0.1:22', '--since', '--json', '--recording', recording);
    expect([JSON.parse(remote.out).since, JSON.parse(own.out).since]).toEqual([json.since, json.since]);
  });

  test('tells a person', async () => {
    const { out, code } = await runCli('why', 'db', '172.18.0.1:22', '--since', '--recording', recording);
    expect(code).toBe(1);
    expect(out.replaceAll(/\n +/g, ' ')).toMatch(/Since when: - broken since snapshot 5 of .*DROP on h1 added/);
  });
});
