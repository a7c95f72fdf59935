/** What was written down about the work itself does not grow for ever. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { onEachDatabase, sql } from '../support/databases.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 6, 1);
const daysAgo = (days: number) => new Date(NOW - days * DAY);

await onEachDatabase((fresh) => {
  let url: string;
  let store: SnapshotStore;
  beforeAll(async () => {
    url = await fresh();
    store = await SnapshotStore.open(url);
  });
  afterAll(() => store.close());

  const literal = (time: Date) => `'${time.toISOString().replace('Z', '+00:00')}'`;
  const numbers = async (query: string) => (await sql(url, query)).map(({ n }) => Number(n));

  test('old runs go, but the last of each schedule', async () => {
    const runs = [
      ['often', 40],
      ['often', 31],
      ['often', 29],
      ['rare', 90],
      ['rare', 60],
    ] as const;
    for (const [schedule, days] of runs)
      await store.writeRun({ schedule, dueAt: daysAgo(days).toISOString(), state: 'MISSED', snapshotId: null, reason: null });
    await store.forgetRecords(NOW - 30 * DAY);
    const left = async (schedule: string) => (await store.runs(schedule, 10)).map(({ dueAt }) => (NOW - Date.parse(dueAt)) / DAY);
    expect([await left('often'), await left('rare')]).toEqual([[29], [60]]);
  });

  test('old notices go that reached everybody', async () => {
    const notices = [
      [1, 40, ['DELIVERED', 'DELIVERED']],
      [2, 40, ['DELIVERED', 'PENDING']],
      [3, 40, ['DEAD']],
      [4, 40, []],
      [5, 29, ['DELIVERED']],
    ] as const;
    for (const [id, days, states] of notices) {
      await sql(
        url,
        `INSERT INTO "Notice" ("id", "key", "at", "kind", "snapshotId", "data") VALUES (${id}, 'k${id}', ${literal(daysAgo(days))}, 'intent', 1, '{}')`,
      );
      for (const [i, state] of states.entries())
        await sql(url, `INSERT INTO "Delivery" ("noticeId", "target", "state", "nextAttempt") VALUES (${id}, 't${i}', '${state}', ${literal(daysAgo(days))})`);
    }
    await store.forgetRecords(NOW - 30 * DAY);
    expect(await numbers('SELECT "id" AS "n" FROM "Notice" ORDER BY "id"')).toEqual([2, 3, 5]);
    expect(await numbers('SELECT "noticeId" AS "n" FROM "Delivery" ORDER BY "noticeId", "target"')).toEqual([2, 2, 3, 5]);
  });
});
