import { expect, test } from '@jest/globals';
import { execa } from 'execa';

test.each([
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types of the page', 'tsc', ['-p', 'src/web/tsconfig.json']],
  ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
])(
  '%s',
  async (_name, bin, args) => {
    const run = await execa(`node_modules/.bin/${bin}`, args, { reject: false, all: true });
    expect(`${run.exitCode} ${run.exitCode === 0 ? '' : run.all}`).toBe('0 ');
  },
  120_000,
);
