/** A host that is lost and comes back. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lastKnownLine } from '../../src/cli/last-known.ts';
import { CHANGE_KINDS } from '../../src/model/change.ts';
import { UserError } from '../../src/model/errors.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import type { Context } from '../../src/operations/context.ts';
import { list } from '../../src/operations/list.ts';
import { runCli } from '../doors/run-cli.ts';
import { type Service, startService } from '../doors/service.ts';
import { changedEstate, smallEstate } from '../doors/small-estate.ts';

const GONE = 'no Docker at tcp://h1:2376: nothing listens there';

/** Nothing of h1 can be read. */
const lost = (reason = GONE): EstateFacts =>
  smallEstate().map((host) =>
    host.host === 'h1'
      ? {
          ...host,
          facts: host.facts.flatMap((fact) => (fact.netns === null ? [{ source: fact.source, netns: null, status: 'failed' as const, reason, data: '' }] : [])),
        }
      : host,
  );

let service: Service;
beforeEach(async () => {
  service = await startService(smallEstate());
});
afterEach(() => service.stop());

const take = async (facts: EstateFacts) => {
  service.setFacts(facts);
  expect((await service.rest('POST', '/api/v1/snapshots')).status).toBe(201);
};
const hostsAt = async (at: string) => (await service.rest('GET', `/api/v1/hosts?at=${at}`)).json;
const diff = async (from: string, to: string) => (await service.rest('GET', `/api/v1/diff?from=${from}&to=${to}`)).json;

describe('the last known state of a host that cannot be read', () => {
  test('is the newest earlier snapshot in which something of it could', async () => {
    await take(smallEstate());
    await take(changedEstate());
    await take(lost());
    await take(lost('permission denied'));
    expect((await hostsAt('2')).lastKnown).toEqual([]);
    for (const at of ['3', '4', 'live']) expect((await hostsAt(at)).lastKnown).toMatchObject([{ host: 'h1', snapshot: { id: 2 }, reason: null }]);
    const { data } = await service.graphql('{ hosts(at: "4") { nodes { name lastKnown { host ageSeconds snapshot { id takenAt } } } } }');
    expect(data.hosts.nodes).toMatchObject([
      { name: 'h1', lastKnown: { host: 'h1', snapshot: { id: '2' } } },
      { name: 'h2', lastKnown: null },
    ]);
    expect(data.hosts.nodes[0].lastKnown.ageSeconds).toBeGreaterThanOrEqual(0);
  });

  test('is the one before when that snapshot is deleted, and none when all are', async () => {
    await take(smallEstate());
    await take(changedEstate());
    await take(lost());
    await service.rest('DELETE', '/api/v1/snapshots/2');
    expect((await hostsAt('3')).lastKnown).toMatchObject([{ snapshot: { id: 1 } }]);
    await service.rest('DELETE', '/api/v1/snapshots/1');
    expect((await hostsAt('3')).lastKnown).toEqual([{ host: 'h1', snapshot: null, ageSeconds: null, reason: 'no earlier snapshot has it' }]);
  });

  test('is no snapshot that was taken later', async () => {
    await take(lost());
    await take(smallEstate());
    expect((await hostsAt('1')).lastKnown).toMatchObject([{ snapshot: null }]);
  });

  test('is not looked for by who asks for another host', async () => {
    await take(lost());
    expect((await service.rest('GET', '/api/v1/hosts?at=1&host=h2')).json.lastKnown).toEqual([]);
  });

  test('shows in lists on the command line', async () => {
    await take(smallEstate());
    await take(lost());
    const { err } = await runCli('hosts', '--server', service.url, '--snapshot', '2');
    expect(err).toMatch(/^h1: not read; last known \d+ \w+ earlier \(snapshot 1\)$/m);
  });

  test('that cannot be looked up does not keep what is there now from being shown', async () => {
    service.setFacts(lost());
    const broken: Context = {
      ...service.context,
      store: async () => {
        throw new UserError('STORE_FAILED', 'Cannot open the snapshot database.', 'Check the path.');
      },
    };
    expect((await list(broken, 'hosts', {})).lastKnown).toEqual([
      { host: 'h1', snapshot: null, ageSeconds: null, reason: 'Cannot open the snapshot database.' },
    ]);
  });

  test.each([
    [0, '0 s'],
    [119, '119 s'],
    [600, '10 min'],
    [7200, '2 hours'],
    [200_000, '2 days'],
  ])('is told with its age: %i s is %s', async (ageSeconds, words) => {
    await take(smallEstate());
    const snapshot = (await service.rest('GET', '/api/v1/snapshots/1')).json;
    expect(lastKnownLine({ host: 'h1', snapshot, ageSeconds, reason: null })).toBe(`h1: not read; last known ${words} earlier (snapshot 1)`);
  });
});

describe('a diff', () => {
  beforeEach(async () => {
    await take(smallEstate());
    await take(lost());
    await take(lost('permission denied'));
    await take(changedEstate());
  });

  test('does not take what a lost host had for removed', async () => {
    const { summary, changes, incomparable, lastKnown } = await diff('1', '2');
    expect(summary).toBe('Nothing changed. Nothing could be compared on h1. Not all could be compared: endpoints, containers, namespaces.');
    expect(changes).toEqual([]);
    expect(lastKnown).toEqual([]);
    expect(incomparable.filter(({ host }: { host: string }) => host === 'h1')).toEqual(
      CHANGE_KINDS.map((kind) => ({ host: 'h1', kind, reason: `after: ${GONE}` })),
    );
  });

  test('compares a host that is back with its last known state', async () => {
    const whole = await diff('1', '4');
    for (const from of ['2', '3']) {
      const { changes, incomparable, lastKnown } = await diff(from, '4');
      expect(lastKnown).toMatchObject([{ host: 'h1', snapshot: { id: 1 } }]);
      expect([changes, incomparable]).toEqual([whole.changes, whole.incomparable]);
    }
    expect(whole.changes).toMatchObject([{ kind: 'network', action: 'added', host: 'h1', key: 'backnet' }]);
    const { data } = await service.graphql('{ diff(from: "3", to: "4") { lastKnown { host snapshot { id } } changes { nodes { key } } } }');
    expect(data.diff).toEqual({ lastKnown: [{ host: 'h1', snapshot: { id: '1' } }], changes: { nodes: [{ key: 'backnet' }] } });
  });

  test('with what is there now does so too', async () => {
    expect(await diff('3', 'live')).toMatchObject({ lastKnown: [{ host: 'h1', snapshot: { id: 1 } }], changes: [{ key: 'backnet' }] });
  });

  test('of two snapshots without the host compares nothing of it', async () => {
    const { changes, incomparable, lastKnown } = await diff('2', '3');
    expect([changes, lastKnown]).toEqual([[], []]);
    expect(incomparable[0].reason).toBe(`before: ${GONE}; after: permission denied`);
  });

  test('says on one line what was not compared, and on another with what it was', async () => {
    expect((await runCli('diff', '1', '2', '--server', service.url)).out).toContain(`? h1: ${CHANGE_KINDS.join(', ')} not compared: after: ${GONE}`);
    expect((await runCli('diff', '3', '4', '--server', service.url)).out).toMatch(
      /^h1: not read; last known \d+ \w+ earlier \(snapshot 1\): compared with that$/m,
    );
  });
});
