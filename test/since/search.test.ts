/** Where an answer turned, against looking at every moment. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findTurn, type Kind } from '../../src/since/search.ts';

const KINDS: readonly Kind[] = ['works', 'broken', 'absent', 'unknown'];
const contrary = (now: Kind, then: Kind) => (now === 'works' ? then === 'broken' || then === 'absent' : then === 'works');

async function find(history: readonly Kind[], now: Kind, budget: number) {
  const asked: number[] = [];
  const turn = await findTurn(
    history.length,
    now,
    async (i) => {
      asked.push(i);
      return history[i]!;
    },
    budget,
  );
  expect(asked.length).toBe(new Set(asked).size);
  expect(turn.evaluated).toBe(asked.length);
  return turn;
}

test('with room to look everywhere, the newest contrary moment is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...KINDS), { maxLength: 40 }), fc.constantFrom<Kind>('works', 'broken'), async (history, now) => {
      const turn = await find(history, now, 40);
      const last = history.findLastIndex((kind) => contrary(now, kind));
      const first = history.findIndex((kind, i) => i > last && kind === now);
      expect(turn).toMatchObject({ last: last < 0 ? null : last, first: first < 0 ? null : first, certain: true });
    }),
  );
});

test.each([0, 1, 17, 5000, 9993, 9999])('of ten thousand moments, broken after number %i, a few dozen are asked', async (last) => {
  const turn = await find(
    Array.from({ length: 10_000 }, (_, i) => (i <= last ? 'works' : 'broken')),
    'broken',
    40,
  );
  expect(turn).toMatchObject({ last, first: last === 9999 ? null : last + 1 });
  expect(turn.evaluated).toBeLessThanOrEqual(40);
  expect(turn.certain).toBe(last >= 9960);
});

test('a history that was not looked at as a whole is not called certain', async () => {
  const never = await find(
    Array.from({ length: 1000 }, () => 'broken'),
    'broken',
    40,
  );
  expect(never).toMatchObject({ last: null, evaluated: 40, certain: false });
  expect(await find([], 'broken', 40)).toEqual({ last: null, first: null, evaluated: 0, certain: true });
});
