// biome-ignore-all lint/suspicious/noExplicitAny: answers of any shape are looked into.
/** Intents are checked on every snapshot; what they were is kept, and what changed is told. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostFacts } from '../../src/model/facts.ts';
import { deleteSnapshot } from '../../src/operations/delete-snapshot.ts';
import { intentHistory, intents } from '../../src/operations/intents.ts';
import { listNotices } from '../../src/operations/notices.ts';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { runCli } from '../doors/run-cli.ts';
import { onEachDatabase } from '../support/databases.ts';
import { INTENT, listening, watchedService } from './world.ts';

await onEachDatabase((fresh) => {
  let service: Awaited<ReturnType<typeof watchedService>>;
  beforeEach(async () => {
    service = await watchedService(
      [{ name: 'hook', url: 'http://127.0.0.1:1/', format: 'json', secret: null }],
      [INTENT, 'wbe must reach db:1'],
      await fresh(),
    );
  });
  afterEach(() => service.stop());

  const notices = async () => (await listNotices(service.context, {})).items;
  const history = async () => (await intentHistory(service.context, { intent: INTENT })).items.map(({ finding, from, to }) => [finding.state, from, to]);

  test('a verdict that changes raises one notice with its meaning, its cause and what changed', async () => {
    await service.snapshot(true);
    expect(await notices()).toEqual([]);
    await service.snapshot(false);
    const [notice, second] = await notices();
    expect(second).toBeUndefined();
    expect(notice).toMatchObject({
      key: `2 ${INTENT}`,
      snapshotId: 2,
      before: 'HOLDS',
      after: 'BROKEN',
      finding: { cause: { code: 'NO_LISTENER' } },
      deliveries: [{ target: 'hook', state: 'PENDING' }],
    });
    const time = notice!.at.slice(11, 19);
    expect(notice!.text).toBe(
      `web no longer reaches db:5432 since snapshot 2 (${time} UTC): ${notice!.finding.sentence.replace(/\.$/, '')}; what changed: ${notice!.changes}`,
    );
    expect(notice!.changes).toMatch(/listener/);
  });

  test('verdicts that change together are told with one look at what changed', async () => {
    const both = ['db must reach web:80', 'web must reach db:5432', 'web must not reach db:5432'];
    await service.stop();
    service = await watchedService([], both, await fresh());
    await service.snapshot(true);
    await service.snapshot(false);
    expect((await notices()).map(({ intent, after, text }) => [intent, after, text.split('; what changed: ').length])).toEqual([
      ['web must not reach db:5432', 'HOLDS', 2],
      ['web must reach db:5432', 'BROKEN', 2],
    ]);
  });

  test('nothing is told while nothing changes, and the end of it is told', async () => {
    for (const open of [true, true, false, false, false, true, true]) await service.snapshot(open);
    expect((await notices()).map(({ before, after, snapshotId }) => [before, after, snapshotId])).toEqual([
      ['BROKEN', 'HOLDS', 6],
      ['HOLDS', 'BROKEN', 3],
    ]);
    expect(await history()).toEqual([
      ['HOLDS', 6, null],
      ['BROKEN', 3, 6],
      ['HOLDS', 1, 3],
    ]);
  });

  test('a sentence that counts or ages is the same finding still, another cause is not', async () => {
    const take = async (before: string | RegExp, after: string) => {
      const change = (host: HostFacts) => ({ ...host, facts: host.facts.map((fact) => ({ ...fact, data: fact.data.replace(before, after) })) });
      service.setFacts(listening(false).map(change));
      return takeSnapshot(service.context, {});
    };
    await service.snapshot(false);
    await take(/2026-01-01T00:00:00Z/g, '2025-12-31T23:59:30Z');
    expect(await history()).toEqual([['BROKEN', 1, null]]);
    await take(/("Name":"\/db".*?)"Status":"running"/, '$1"Status":"exited"');
    expect(await history()).toEqual([
      ['BROKEN', 3, null],
      ['BROKEN', 1, 3],
    ]);
    expect(await notices()).toEqual([]);
  });

  test('what an intent was is known for every snapshot', async () => {
    for (const open of [true, false, true]) await service.snapshot(open);
    const states = async (at: string) => (await intents(service.context, { at })).intents.map(({ finding }) => [finding.intent, finding.state]);
    expect(await states('2')).toEqual([
      ['wbe must reach db:1', 'UNKNOWN'],
      [INTENT, 'BROKEN'],
    ]);
    expect((await states('latest')).find(([intent]) => intent === INTENT)).toEqual([INTENT, 'HOLDS']);
  });

  describe('deleted snapshots', () => {
    test.each([
      [
        1,
        [
          ['HOLDS', 3, null],
          ['BROKEN', 2, 3],
        ],
      ],
      [
        2,
        [
          ['HOLDS', 3, null],
          ['HOLDS', 1, 3],
        ],
      ],
      [
        3,
        [
          ['BROKEN', 2, null],
          ['HOLDS', 1, 2],
        ],
      ],
    ])('%i of three leaves what the others had', async (id, expected) => {
      for (const open of [true, false, true]) await service.snapshot(open);
      await deleteSnapshot(service.context, { id: String(id) });
      expect(await history()).toEqual(expected);
    });
  });

  test('a snapshot taken without the intents was not checked, and a change across it is told all the same', async () => {
    await service.snapshot(true);
    const { watch: _, ...unwatched } = service.context;
    await takeSnapshot(unwatched, {});
    expect((await intents(service.context, { at: '2' })).intents).toEqual([]);
    await service.snapshot(false);
    expect(await history()).toEqual([
      ['BROKEN', 3, null],
      ['HOLDS', 1, 2],
    ]);
    expect(await notices()).toMatchObject([{ before: 'HOLDS', after: 'BROKEN', snapshotId: 3 }]);
  });

  describe('a notice that could not be put into words when the snapshot was taken', () => {
    const reported: unknown[] = [];

    /** As if the process had died, or the database had failed, right behind the transaction. */
    async function cutShort(): Promise<void> {
      const store = await service.context.store();
      const failing = new Proxy(store, {
        get: (whole, name) => {
          if (name === 'before') return () => Promise.reject(new Error('cut short'));
          const value = Reflect.get(whole, name, whole);
          return typeof value === 'function' ? value.bind(whole) : value;
        },
      });
      service.setFacts(listening(false));
      await takeSnapshot({ ...service.context, store: async () => failing, report: (error) => void reported.push(error) }, {});
      expect(reported.splice(0)).toEqual([expect.objectContaining({ message: 'cut short' })]);
      expect(await store.watch.listNotices({})).toMatchObject([{ text: null }]);
    }

    test('is when it is read', async () => {
      await service.snapshot(true);
      await cutShort();
      expect(await notices()).toMatchObject([{ text: expect.stringContaining('; what changed: '), changes: expect.stringMatching(/listener/) }]);
    });

    test('says nothing of what changed when the snapshot before is gone', async () => {
      await service.snapshot(true);
      await cutShort();
      await deleteSnapshot(service.context, { id: '1' });
      expect(await notices()).toMatchObject([{ text: expect.not.stringContaining('what changed'), changes: null }]);
    });
  });

  test('every door says the same', async () => {
    for (const open of [true, false]) await service.snapshot(open);
    const { json: rest } = await service.rest('GET', '/api/v1/notices?dead=false');
    const { data, errors } = await service.graphql(
      `{ notices { totalCount nodes { id key at snapshotId intent before after changes text finding { sentence cause { code } } deliveries { target state attempts } } }
         intents { snapshot { id } intents { from to finding { intent state } } } intentHistory(intent: "${INTENT}") { nodes { from to finding { state } } } }`,
    );
    expect(errors).toBeUndefined();
    const [item] = rest.items;
    expect(data.notices).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          id: String(item.id),
          key: item.key,
          snapshotId: '2',
          after: 'BROKEN',
          text: item.text,
          deliveries: [{ target: 'hook', state: 'PENDING', attempts: 0 }],
        },
      ],
    });
    expect(data.intents.snapshot.id).toBe('2');
    expect(data.intentHistory.nodes).toEqual([
      { from: '2', to: null, finding: { state: 'BROKEN' } },
      { from: '1', to: '2', finding: { state: 'HOLDS' } },
    ]);
    const cli = async (...args: string[]) => JSON.parse((await runCli(...args, '--json', '--server', service.url)).out);
    expect(await cli('notices')).toEqual(rest.items);
    expect(await cli('intents')).toEqual((await service.rest('GET', '/api/v1/intents')).json);
    expect(await cli('intents', '--history', INTENT)).toEqual(
      (await service.rest('GET', `/api/v1/intents/history?intent=${encodeURIComponent(INTENT)}`)).json.items,
    );
    const { out } = await runCli('notices', '--server', service.url);
    expect(out).toContain('HOLDS → BROKEN');
    expect(out).toContain('hook: PENDING after 0 attempts');
    expect((await runCli('notices', '--dead', '--server', service.url)).out).toBe('Nothing is dead.\n');
  });

  test('an unknown intent, notice or snapshot is said', async () => {
    await service.snapshot(true);
    expect((await service.rest('GET', '/api/v1/intents/history?intent=web%20must%20reach%20db:5433')).json).toMatchObject({
      code: 'NOT_FOUND',
      candidates: expect.arrayContaining([INTENT]),
    });
    expect((await service.rest('POST', '/api/v1/notices/9/retry')).json).toMatchObject({ code: 'NOT_FOUND' });
    expect((await service.rest('GET', '/api/v1/intents?at=never')).json).toMatchObject({ code: 'UNKNOWN_SNAPSHOT' });
    expect((await service.rest('GET', '/api/v1/notices?dead=perhaps')).json).toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});
