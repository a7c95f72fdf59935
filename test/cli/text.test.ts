import { describe, expect, test } from '@jest/globals';
import { table } from '../../src/cli/table.ts';
import { terminalOf, wrap } from '../../src/cli/terminal.ts';
import { printable, shorten, show } from '../../src/util/printable.ts';

describe('text from outside', () => {
  test.each([
    ['colours', '\u001b[31mred', '\\u{1b}[31mred'],
    ['C1 control sequences', '\u009b2J', '\\u{9b}2J'],
    ['window titles', '\u001b]0;gone\u0007', '\\u{1b}]0;gone\\u{7}'],
    ['line breaks', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
    ['reordering', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['what cannot be seen', 'a\u200bb\u{e0041}', 'a\\u{200b}b\\u{e0041}'],
    ['half a surrogate pair', 'a\ud800', 'a\\u{d800}'],
    ['HTML, quotes and other scripts stay', `<b>"'é名🙂`, `<b>"'é名🙂`],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('is never longer than it may be, and keeps both ends', () => {
    const long = `${'a'.repeat(70_000)}end`;
    expect(shorten(long, 20)).toBe(`${'a'.repeat(13)}…aaaend`);
    expect([...show('\u001b'.repeat(1000), 100)]).toHaveLength(100);
  });
});

describe('a table', () => {
  const rows = [{ name: 'x'.repeat(300), text: 'evil\u001b[0m' }];
  const columns = [
    { title: 'NAME', value: (row: (typeof rows)[number]) => row.name },
    { title: 'TEXT', value: (row: (typeof rows)[number]) => row.text },
  ];

  test('fits the screen', () => {
    const lines = table(rows, columns, { width: 60, fits: true, colour: false });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines[1]).toContain('evil\\u{1b}[0m');
  });

  test('gives a pipe everything', () => {
    expect(table(rows, columns, { width: 60, fits: false, colour: false })[1]).toContain('x'.repeat(300));
  });
});

describe('colour', () => {
  test.each([
    ['on a screen', { isTTY: true }, {}, true],
    ['not in a pipe', {}, {}, false],
    ['not with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
    ['not on a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['in a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
  ])('%s', (_, stream, env, colour) => {
    expect(terminalOf(stream, env).colour).toBe(colour);
  });
});

test('lines are wrapped at words, and words that are too long are cut', () => {
  expect(wrap('one two three', 40)).toEqual(['one two three']);
  expect(wrap(`${'a'.repeat(25)} b`, 20)).toEqual(['a'.repeat(20), 'aaaaa b']);
});
