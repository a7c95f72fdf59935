import { describe, expect, test } from '@jest/globals';
import type { UserError } from '../../src/model/errors.ts';
import type { SnapshotInfo } from '../../src/model/snapshot.ts';
import { resolveReference } from '../../src/snapshots/reference.ts';

const NOW = Date.parse('2026-01-10T12:00:00Z');
const snapshot = (id: number, takenAt: string, label: string | null = null): SnapshotInfo => ({
  ...{ id, takenAt, label, pinned: false },
  ...{ hostCount: 1, networkCount: 1, endpointCount: 1, natRuleCount: 1, gapCount: 0 },
});
const all = [
  snapshot(5, '2026-01-10T11:59:00Z'),
  snapshot(4, '2026-01-10T10:59:00Z'),
  snapshot(3, '2026-01-09T11:59:00Z'),
  snapshot(2, '2026-01-08T11:00:00Z', '2h ago'),
  snapshot(1, '2026-01-03T11:00:00Z'),
];
const found = (reference: string) => resolveReference(reference, all, NOW).id;

describe('a time counted from now is the newest snapshot at or before it', () => {
  test.each([
    ['yesterday', 3],
    ['Yesterday', 3],
    ['1h ago', 4],
    ['60 minutes ago', 4],
    ['1 min ago', 5],
    ['2 days ago', 2],
    ['1w ago', 1],
    ['1 week ago', 1],
  ])('%s', (reference, id) => expect(found(reference)).toBe(id));
});

test('a label is meant before a time', () => expect(found('2h ago')).toBe(2));

test.each(['8 days ago', '2026-01-01'])('%s, when none is as old, says which is the oldest', (reference) => {
  try {
    found(reference);
  } catch (error) {
    expect(error).toMatchObject({
      code: 'UNKNOWN_SNAPSHOT',
      message: expect.stringMatching(/the oldest is 1 of 2026-01-03/),
      candidates: ['1'],
    } satisfies Partial<Record<keyof UserError, unknown>>);
    return;
  }
  throw new Error('it was found');
});

test.each(['3 months ago', 'h ago', 'ago', 'tomorrow', '-1h ago'])('%s is no time', (reference) => {
  expect(() => found(reference)).toThrow(/There is no snapshot/);
});
