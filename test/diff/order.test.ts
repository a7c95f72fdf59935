import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { moved } from '../../src/diff/order.ts';

test.each<[string, string, string]>([
  ['abcd', 'abcd', ''],
  ['abcd', 'dabc', 'd'],
  ['abcd', 'bcda', 'a'],
  ['abcd', 'abdc', 'c'],
  ['abcd', 'xaybz', ''],
  ['abc', '', ''],
  ['', 'abc', ''],
])('%s → %s moves %j', (before, after, expected) => {
  expect([...moved([...before], [...after])].join('')).toBe(expected);
});

const unique = fc.uniqueArray(fc.integer({ min: 0, max: 12 }).map(String), { maxLength: 10 });

test('what did not move has the same order on both sides, and the sides may be exchanged', () => {
  fc.assert(
    fc.property(unique, unique, (before, after) => {
      const m = moved(before, after);
      const rest = (side: string[], other: string[]) => side.filter((key) => other.includes(key) && !m.has(key));
      expect(rest(before, after)).toEqual(rest(after, before));
      expect(new Set(moved(after, before))).toEqual(new Set(m));
    }),
    { numRuns: 500 },
  );
});

/** Longest common subsequence by its recurrence. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}

test('no fewer could have moved', () => {
  fc.assert(
    fc.property(unique, unique, (before, after) => {
      const common = before.filter((key) => after.includes(key)).length;
      expect(moved(before, after).size).toBe(common - commonLength(before, after));
    }),
    { numRuns: 500 },
  );
});

test('10,000 rules turned around take no time', () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => String(i));
  const start = performance.now();
  expect(moved(keys, [...keys].reverse()).size).toBe(9_999);
  expect(performance.now() - start).toBeLessThan(2000);
});
