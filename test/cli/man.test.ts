import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { manPage } from '../../scripts/man-page.ts';

const page = () => readFileSync('man/netwhy.1', 'utf8');

test('the man page is that of this program; `npx tsx scripts/man-page.ts` writes it', async () => {
  expect(page()).toBe(await manPage());
});

test('it is installed with the package', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8')).man).toBe('man/netwhy.1');
});

test('it tells of every command and of the filters of lists, and of nothing hidden', () => {
  for (const words of ['why [from] [to]', 'findings', 'schedule run', 'completion <shell>', '\\-\\-severity <severity>', '\\-\\-watch']) {
    expect(page()).toContain(words);
  }
  expect(page()).not.toContain('__complete');
});

(existsSync('/usr/bin/mandoc') ? test : test.skip)('mandoc has nothing to say against it', () => {
  expect(execFileSync('mandoc', ['-Tlint', '-Wwarning', 'man/netwhy.1'], { encoding: 'utf8' })).toBe('');
});
