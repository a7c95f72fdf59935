import { describe, expect, test } from '@jest/globals';
import type { When } from '../../src/model/schedule.ts';
import { dueBetween, lastDue, nextDue } from '../../src/schedule/times.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
const every = (seconds: number): When => ({ kind: 'every', seconds });
const cron = (pattern: string, timezone = 'UTC'): When => ({ kind: 'cron', cron: pattern, timezone });

describe.each<[string, When, string, string, string]>([
  ['every 5 minutes', cron('*/5 * * * *'), '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'],
  ['every 5 minutes, between', cron('*/5 * * * *'), '2026-01-01T00:04:59.999Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'],
  ['daily at 3 in Berlin in winter', cron('0 3 * * *', 'Europe/Berlin'), '2026-01-01T12:00:00Z', '2026-01-01T02:00:00.000Z', '2026-01-02T02:00:00.000Z'],
  ['daily at 3 in Berlin in summer', cron('0 3 * * *', 'Europe/Berlin'), '2026-07-01T12:00:00Z', '2026-07-01T01:00:00.000Z', '2026-07-02T01:00:00.000Z'],
  ['every 90 seconds', every(90), '1970-01-01T00:01:30Z', '1970-01-01T00:01:30.000Z', '1970-01-01T00:03:00.000Z'],
  ['every 90 seconds, between', every(90), '1970-01-01T00:02:00Z', '1970-01-01T00:01:30.000Z', '1970-01-01T00:03:00.000Z'],
])('%s', (_name, when, now, last, next) => {
  test('was due last at or before now, and is due next after it', () => {
    expect([iso(lastDue(when, at(now))), iso(nextDue(when, at(now)))]).toEqual([last, next]);
  });
});

test('a time that the clocks skip in spring is due once that day, and one that they have twice in autumn too', () => {
  const night = cron('30 2 * * *', 'Europe/Berlin');
  expect(dueBetween(night, at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))?.count).toBe(1);
  expect(dueBetween(night, at('2026-10-24T12:00:00Z'), at('2026-10-25T12:00:00Z'))?.count).toBe(1);
});

describe('the times in a gap', () => {
  test('are after its start and before its end', () => {
    const gap = dueBetween(cron('0 * * * *'), at('2026-01-01T00:00:00Z'), at('2026-01-01T05:00:00Z'));
    expect(gap).toEqual({ first: at('2026-01-01T01:00:00Z'), last: at('2026-01-01T04:00:00Z'), count: 4, more: false });
    expect(dueBetween(every(3600), at('2026-01-01T00:00:00Z'), at('2026-01-01T05:00:00Z'))).toEqual(gap);
  });
  test('are none when nothing was due in it', () => {
    expect(dueBetween(cron('0 * * * *'), at('2026-01-01T00:00:00Z'), at('2026-01-01T01:00:00Z'))).toBeNull();
    expect(dueBetween(every(3600), at('2026-01-01T01:00:00Z'), at('2026-01-01T00:00:00Z'))).toBeNull();
  });
  test('are counted up to a bound', () => {
    const years = dueBetween(cron('* * * * *'), at('2020-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'));
    expect(years).toMatchObject({ count: 10_000, more: true, last: at('2025-12-31T23:59:00Z') });
  });
});
