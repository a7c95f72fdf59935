import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../src/model/facts.ts';
import { applyDelta, type Delta, deltaOf, draftOf, factOf, isEmpty, patchOf } from '../../src/snapshots/delta.ts';

const piece = fc.constantFrom('-A INPUT -j DROP\n', '{"a":1,', '"b":2}', ',', '\n', 'x', '', ':INPUT ACCEPT [5:300]\n', '\u0000', '🦀,');
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const fact = fc.record({
  source: fc.constantFrom('nft' as const, 'ip.addr' as const, 'sysctl' as const),
  netns: fc.constantFrom('1', '2', null),
  status: fc.constantFrom('ok' as const, 'failed' as const),
  reason: fc.constantFrom('gone', 'late'),
  data: text,
});
const facts = fc.uniqueArray(fact, { selector: ({ source, netns }) => `${source} ${netns}`, maxLength: 9 });

const applied = (before: readonly Fact[], delta: Delta) => applyDelta(before.map(draftOf), delta).map(factOf);

const nft = (data: string): Fact => ({ source: 'nft', netns: '1', status: 'ok', data });
const patchedText = (before: string, after: string) =>
  applied([nft(before)], [{ fact: { source: 'nft', netns: '1', status: 'ok' }, data: patchOf(before, after) }])[0]!.data;

describe('a patch', () => {
  test('leads from any text to any other', () => {
    fc.assert(fc.property(text, text, (before, after) => patchedText(before, after) === after));
  });

  test('of one line among many is small', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `-A DOCKER -d 172.18.0.${i} -j ACCEPT\n`);
    const changed = lines.with(500, '-A DOCKER -j DROP\n');
    expect(patchOf(lines.join(''), changed.join(''))).toEqual([[0, 500], '-A DOCKER -j DROP\n', [501, 499]]);
  });
});

describe('a delta', () => {
  test('leads from any facts to any others', () => {
    fc.assert(fc.property(facts, facts, (before, after) => expect(applied(before as Fact[], deltaOf(before as Fact[], after as Fact[]))).toEqual(after)));
  });

  test('after delta leads on, however the texts were cut', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 2, maxLength: 6 }), (states) => {
        const all = states as Fact[][];
        const end = all.slice(1).reduce((drafts, after, i) => applyDelta(drafts, deltaOf(all[i]!, after)), all[0]!.map(draftOf));
        expect(end.map(factOf)).toEqual(all.at(-1));
      }),
    );
  });

  test('of equal facts is empty, and only then', () => {
    fc.assert(
      fc.property(facts, facts, (before, after) => {
        const equal = JSON.stringify(before) === JSON.stringify(after);
        return (
          isEmpty(deltaOf(before as Fact[], after as Fact[]), before.length) === equal && isEmpty(deltaOf(before as Fact[], before as Fact[]), before.length)
        );
      }),
    );
  });

  test('of other facts is refused', () => {
    expect(() => applied([], [[0, 2]])).toThrow(RangeError);
    expect(() => applied([], [{ fact: { source: 'nft', netns: '1', status: 'ok' }, data: [[0, 1]] }])).toThrow(RangeError);
  });
});
