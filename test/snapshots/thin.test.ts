import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SnapshotInfo } from '../../src/model/snapshot.ts';
import { expired } from '../../src/snapshots/thin.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const NOW = Date.UTC(2026, 5, 15, 12, 30);
const counts = { hostCount: 0, networkCount: 0, endpointCount: 0, natRuleCount: 0, gapCount: 0 };
const at = (id: number, age: number, more: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  id,
  takenAt: new Date(NOW - age).toISOString(),
  label: null,
  pinned: false,
  ...counts,
  ...more,
});
const week = { keepAll: 7 * DAY, hourly: 30 * DAY, daily: 365 * DAY };
/** One every ten minutes, the oldest first. */
const every10 = (age: number) => Array.from({ length: age / (10 * MINUTE) }, (_, i) => at(i + 1, age - i * 10 * MINUTE));
const gone = (snapshots: readonly SnapshotInfo[], retention = week, routine: string[] = []) => new Set(expired(snapshots, retention, NOW, new Set(routine)));

describe('retention', () => {
  test('keeps all for a time, then the first of each hour, then of each day, then none', () => {
    const all = every10(400 * DAY);
    const deleted = gone(all);
    const kept = all.filter(({ id }) => !deleted.has(id));
    const ages = kept.map(({ takenAt }) => NOW - Date.parse(takenAt));
    expect(ages.filter((age) => age <= 7 * DAY)).toHaveLength(7 * 144);
    const hourly = kept.filter((_, i) => ages[i]! > 7 * DAY && ages[i]! <= 30 * DAY);
    expect(hourly).toHaveLength(23 * 24);
    expect(hourly.every(({ takenAt }) => takenAt.endsWith(':00:00.000Z'))).toBe(true);
    const daily = kept.filter((_, i) => ages[i]! > 30 * DAY);
    expect(daily).toHaveLength(335);
    expect(daily.every(({ takenAt }) => takenAt.endsWith('T00:00:00.000Z'))).toBe(true);
    expect(Math.max(...ages)).toBeLessThanOrEqual(365 * DAY);
  });

  test('keeps the first of an hour that began late', () => {
    const [late, later] = [at(1, 8 * DAY), at(2, 8 * DAY - MINUTE)];
    expect(gone([at(3, 0), later, late])).toEqual(new Set([2]));
  });

  test('keeps what is pinned or labelled for ever, but for the labels that schedules give', () => {
    const old = [at(1, 900 * DAY, { pinned: true }), at(2, 900 * DAY, { label: 'before the move' }), at(3, 900 * DAY, { label: 'often' }), at(4, 0)];
    expect(gone(old, week, ['often'])).toEqual(new Set([3]));
  });

  test('keeps the newest, however old', () => {
    expect(gone([at(1, 901 * DAY), at(2, 900 * DAY)])).toEqual(new Set([1]));
  });

  test('may have no tiers but the first', () => {
    const only = { keepAll: HOUR, hourly: null, daily: null };
    expect(expired(every10(2 * HOUR), only, NOW, new Set())).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('that was applied has nothing more to delete, and deletes as much in the end however often it is applied', () => {
    const ages = fc.uniqueArray(fc.integer({ min: 0, max: 50 * 24 * 60 }), { minLength: 1, maxLength: 60 });
    const retention = { keepAll: 5 * DAY, hourly: 20 * DAY, daily: 40 * DAY };
    fc.assert(
      fc.property(ages, fc.integer({ min: 0, max: 30 }), (minutes, days) => {
        const all = [...minutes].sort((a, b) => b - a).map((age, i) => at(i + 1, age * MINUTE));
        const first = new Set(expired(all, retention, NOW, new Set()));
        const kept = all.filter(({ id }) => !first.has(id));
        expect(expired(kept, retention, NOW, new Set())).toEqual([]);
        const later = NOW + days * DAY;
        const inOne = new Set(expired(all, retention, later, new Set()));
        const inTwo = new Set([...first, ...expired(kept, retention, later, new Set())]);
        expect(inTwo).toEqual(inOne);
      }),
    );
  });
});
