import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.startsWith('generated'));

test('every source file keeps to its layer, and every one was looked at', async () => {
  const { stdout } = await execa('node_modules/.bin/depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], {
    reject: false,
    maxBuffer: 64e6,
  });
  const { summary, modules } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
    modules: { source: string }[];
  };
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  const seen = new Set(modules.map((m) => m.source));
  expect(sources.filter((f) => !seen.has(`src/${f}`) && !f.endsWith('.d.ts'))).toEqual([]);
}, 120_000);
